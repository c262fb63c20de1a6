using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Baker.Stack.Roles;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.House;

/// <summary>A cloud names no role, and of a model server nobody knows the name but its own folder. Comments may: they tell where a fact is from.</summary>
public partial class NamesTests
{
    /// <summary>Who else names a model server, and why.</summary>
    private static readonly ImmutableSortedDictionary<string, string> Reasoned = new Dictionary<string, string>
    {
        ["Stack/Roles/RoleCatalog.cs"] = "the list of roles",
        ["Stack/StackPlan.cs"] = "plan.json has its version under this name, and others read it",
        ["Stack/Mirrors/MirrorsSpec.cs"] = "the key under mirrors, and the makers' servers in its default",
        ["Language/Values/ModelName.cs"] = "models have its grammar wherever they are named",
        ["Language/Values/KeepAliveTime.cs"] = "the grammar of its own key",
    }.ToImmutableSortedDictionary();

    [Fact]
    public void A_cloud_names_no_role()
    {
        var names = string.Join('|', RoleCatalog.Names.Where(n => n != "gateway"));
        Assert.Empty(Code().Where(f => f.Path.StartsWith("Clouds/", StringComparison.Ordinal))
            .SelectMany(f => Regex.Matches(f.Text, $@"(?i)\w*({names})\w*").Select(m => $"{f.Path}: {m.Value}")));
        Assert.Empty(Code().Where(f => f.Path.StartsWith("Clouds/", StringComparison.Ordinal))
            .SelectMany(f => OurGateway().Matches(f.Text).Select(m => $"{f.Path}: {m.Value}")));
    }

    [Fact]
    public void A_model_server_is_named_in_its_own_folder_alone()
    {
        var names = string.Join('|', RoleCatalog.ModelServers.Select(r => r.Name));
        var naming = Code().Where(f => !RoleCatalog.ModelServers.Any(r => f.Path.StartsWith($"Stack/Roles/{r.Facts.Product}/", StringComparison.Ordinal)))
            .Where(f => Regex.IsMatch(f.Text, $"(?i){names}")).Select(f => f.Path);
        Assert.Equal(Reasoned.Keys, naming.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<(string Path, string Text)> Code() => SourceRoom.All.SelectMany(r => r.Files)
        .Select(f => (SourceRoom.PathIn(f.Path), Comment().Replace(File.ReadAllText(f.Path), "")));

    [GeneratedRegex(@"(?m)(?<=^|\s)//[^\n]*")]
    private static partial Regex Comment();

    // Clouds have gateways of their own: of NAT, of the internet.
    [GeneratedRegex(@"(?i)AI gateway|(?<!NAT |internet |Internet|Nat|no )\bthe gateway'?s? (VM|image)|GatewayRole")]
    private static partial Regex OurGateway();
}
