using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Baker.Machine;
using Xunit;

namespace Baker.Tests.Rendering;

/// <summary>A machine has what reads secrets exactly where one of its scripts calls it.</summary>
public partial class SecretScriptsTests
{
    [Theory]
    [InlineData("gitlab", true)]
    [InlineData("gateway", true)]
    [InlineData("ollama", false)]
    public void Who_reads_a_secret_has_what_reads_it(string role, bool usually)
    {
        foreach (var cloud in new[] { "aws", "gcp", "local" })
        {
            var files = MachineFiles.For(role, cloud);
            Check(files, usually);
            Check(MachineFiles.WithAuthority(role, cloud), true);
            if (cloud != "aws")
                continue;
            Check(MachineFiles.InBundle(files, cloud), true);
            Check(MachineFiles.BeforeBundle(MachineFiles.InBundle(files, cloud), cloud), true);
        }
    }

    private static void Check(ImmutableArray<MachineFile> files, bool has)
    {
        Assert.Equal(files.Length, files.Select(f => f.Name).Distinct().Count());
        Assert.Equal(has, files.Any(f => f.Name == "secrets.sh"));
        Assert.Equal(has, files.Any(f => f.Name == "stored.sh"));
        Assert.Equal(has, files.Where(f => f.Part != "secrets").Any(f => Call().IsMatch(Encoding.UTF8.GetString(f.Bytes.Span))));
    }

    [GeneratedRegex(@"\$\((secret|parameter|field|ask) |\| bare\b")]
    private static partial Regex Call();
}
