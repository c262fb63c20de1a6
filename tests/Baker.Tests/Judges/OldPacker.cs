using System.Collections.Immutable;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Judges;

/// <summary>
/// Debian's Packer 1.6: the last that brings its builders along and so can judge without a network. What came after it is cut
/// out of a copy first.
/// </summary>
public static class OldPacker
{
    /// <summary>What 1.6 does not know, by builder; each is in the list of arguments of today's builders.</summary>
    public static readonly ImmutableArray<(string Builder, string Name)> TooNew =
    [
        // Marks the AMI as IMDSv2 only: plugin 1.2.2.
        ("amazon-ebs", "imds_support"),
        // IMDSv2 for the builder VM: Packer 1.7.
        ("amazon-ebs", "metadata_options"),
        // SSH to the builder VM from here alone: plugin 1.1.4.
        ("amazon-ebs", "temporary_security_group_source_public_ip"),
    ];

    private static readonly Lazy<Task<string>> Version = new(async () => Tool.Find("packer") is { } packer ? (await Quiet(packer).RunAsync("version")).Out : "");

    public static async Task<Tool> WantedAsync()
    {
        var packer = Quiet(Tool.Wanted("packer", "packer"));
        var version = await Version.Value;
        if (!version.Contains(" v1.6.", StringComparison.Ordinal))
            Assert.Skip($"Packer 1.6 is wanted, which has its builders inside (Debian: packer); here is {version.Split('\n')[0]}");
        return packer;
    }

    // No question to the vendor whether there is a newer one, and no colours in what is compared.
    private static Tool Quiet(Tool packer) => packer with
    {
        Environment = ImmutableDictionary.CreateRange([KeyValuePair.Create("CHECKPOINT_DISABLE", "1"), KeyValuePair.Create("PACKER_NO_COLOR", "1")]),
    };

    /// <summary>The same text, same lines, without what is too new.</summary>
    public static string WithoutTooNew(string text)
    {
        var lines = text.Split('\n');
        foreach (var source in HclReader.Read(text).Blocks.Where(b => b.Type == "source"))
        {
            bool IsTooNew(string name) => TooNew.Contains((source.Labels[0], name));
            foreach (var (first, last) in source.Arguments.Where(a => IsTooNew(a.Name)).Select(a => (a.FirstLine, a.LastLine))
                .Concat(source.Blocks.Where(b => IsTooNew(b.Type)).Select(b => (b.FirstLine, b.LastLine))))
                Array.Fill(lines, "", first, last - first + 1);
        }
        return string.Join('\n', lines);
    }
}
