using System.Text;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Diagnostics;

/// <summary>What <c>validate</c> says to each kind of version: current ones, those that need a gateway's name, and those that are not safe.</summary>
public class VersionGoldenTests
{
    private static readonly (string Version, string? Gateway)[] Cases =
    [
        ("19.6.1", null), ("19.6.1", "19.6.0"), ("19.5.9", null), ("19.5.9", "19.5.0"), ("19.5", "19.5.0"), ("19.4", null), ("19.4.8", null), ("19.4.4", null),
        ("19.4.0", null), ("19.3.4", null), ("19.2.3", null), ("19.5.0", null), ("19.7.0", "19.7.0"), ("19.7", "19.7.0"), ("19.5.9", "19.6.0"),
    ];

    [Fact]
    public async Task Every_version_gets_its_report()
    {
        var all = new StringBuilder();
        foreach (var (version, gateway) in Cases)
        {
            var rest = gateway is null ? "" : $"gateway: {{ image: \"gitlab/model-gateway:self-hosted-v{gateway}-ee\" }}\n";
            var spec = SampleSpec.Aws(rest: rest).Replace("  instance_profile", $"  version: \"{version}\"\n  machine: c6i.2xlarge\n  instance_profile", StringComparison.Ordinal);
            spec += rest.Length == 0 ? "gateway: { machine: t3.large }\n" : "";
            spec = spec.Replace("-ee\" }", "-ee\", machine: t3.large }", StringComparison.Ordinal);
            var run = await BakerRun.InAsync(null, spec, "validate", "-");
            all.Append($"=== GitLab {version}, {(gateway is null ? "no image named" : $"gateway {gateway}")}: exit code {run.Code}\n{run.Error}\n");
        }
        Golden.Check(DiagnosticGoldenTests.Undated(all.ToString()), "versions", "report.txt");
    }
}
