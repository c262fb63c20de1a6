using System.Text.RegularExpressions;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.House;

/// <summary>One direction: what a room may know of the others. What is not listed is a door that nobody has decided on.</summary>
public partial class RoomsTests
{
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Diagnostics"] = [],
        ["Embedded"] = [],
        ["Machine"] = ["Embedded"],
        ["Clouds"] = ["Diagnostics", "Specs"],
        ["Duo"] = ["Diagnostics", "Roles", "Specs"],
        ["Roles"] = ["Clouds", "Diagnostics", "Embedded", "Planning", "Specs"],
        ["Specs"] = ["Clouds", "Diagnostics", "Duo", "Roles"],
        ["Planning"] = ["Clouds", "Diagnostics", "Duo", "Machine", "Roles", "Specs"],
        ["Rendering"] = ["Clouds", "Diagnostics", "Duo", "Embedded", "Machine", "Planning", "Specs"],
        ["Baking"] = ["Clouds", "Planning", "Rendering"],
        ["Launching"] = ["Clouds", "Planning", "Rendering"],
        ["Verifying"] = ["Clouds", "Diagnostics", "Embedded", "Launching", "Planning"],
        ["Cli"] = ["Baking", "Clouds", "Diagnostics", "Embedded", "Launching", "Planning", "Rendering", "Roles", "Specs", "Verifying"],
    };

    public static TheoryData<string> Rooms => [.. Directory.EnumerateDirectories(Checkout.PathOf("src", "Baker"))
        .Select(p => Path.GetFileName(p)).Where(r => r is not ("bin" or "obj")).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Rooms))]
    public void A_room_uses_only_rooms_it_may_know(string room)
    {
        var used = Directory.EnumerateFiles(Checkout.PathOf("src", "Baker", room), "*.cs", SearchOption.AllDirectories)
            .SelectMany(path => Name().Matches(File.ReadAllText(path)).Select(m => m.Groups[1].Value))
            .Distinct().Where(other => other != room && MayUse.ContainsKey(other));
        Assert.Empty(used.Except(MayUse[room]));
    }

    [GeneratedRegex(@"\bBaker\.([A-Z][A-Za-z]+)\b")]
    private static partial Regex Name();
}
