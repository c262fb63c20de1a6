using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Baker.Tests.Lab;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>A machine whose user-data names a bundle, from its first boot on.</summary>
public partial class BundleTests
{
    private const string Values = "/etc/baker/values";
    private const string Runner = "/usr/local/lib/baker/run";

    private static readonly LabOptions Options = new() { Cloud = "aws", Addresses = ["10.77.1.30/24"] };

    [Fact]
    public async Task It_waits_for_its_bundle_with_a_reason_for_every_trouble_and_goes_on_by_itself()
    {
        await using var machine = await LabMachine.StartAsync(Options);
        var data = await RenderedAsync(machine);
        await machine.ServeAsync(data.UserData);
        // cloud-init is not held up by what is not there.
        await machine.FirstBootAsync(data.UserData);
        await machine.UntilAsync(s => s is { Step: "bundle", State: "retrying", Reason: "bundle-missing" });
        await PutAsync(machine, data, denied: true);
        await machine.UntilAsync(s => s is { Step: "bundle", State: "failed", Reason: "bundle-denied" });
        // One part is another than the one that belongs there.
        var parts = data.Parts.ToDictionary();
        parts[parts.Keys.First()] = parts[parts.Keys.Last()];
        await PutAsync(machine, data with { Parts = parts });
        await machine.UntilAsync(s => s is { Step: "bundle", State: "retrying", Reason: "bundle-wrong" });
        await machine.AskAsync(new() { ["do"] = "fault", ["fault"] = new JsonObject { ["site"] = "ssm", ["path"] = "*", ["do"] = "status", ["code"] = 400, ["times"] = -1, ["body"] = """{"__type":"ThrottlingException"}""" } });
        await machine.UntilAsync(s => s is { Step: "bundle", State: "retrying", Reason: "http-429" });
        await machine.ClearAsync();
        await machine.FaultAsync("ssm", "*", "reset", times: -1, bytes: -1);
        await machine.UntilAsync(s => s is { Step: "bundle", State: "retrying", Reason: "network" });
        await machine.ClearAsync();
        Assert.DoesNotContain("ollama_version='0", machine.Read(Values), StringComparison.Ordinal);
        Assert.Equal(Digest(data.UserData), machine.Status!.Digest);
        await PutAsync(machine, data);
        await machine.UntilAsync(s => s.Step == "prepare");
        Assert.Equal(Digest(data.UserData), machine.Status!.Digest);
        Assert.Contains("ollama_version='0", machine.Read(Values), StringComparison.Ordinal);
        Assert.Equal("600", (await machine.RunAsync("stat", "-c", "%a", Values)).Out.Trim());
        Assert.Equal("755", (await machine.RunAsync("stat", "-c", "%a", Runner)).Out.Trim());
    }

    [Fact]
    public async Task It_needs_no_network_to_come_back_and_takes_another_bundle_and_none()
    {
        await using var machine = await LabMachine.StartAsync(Options);
        var first = await RenderedAsync(machine);
        await PutAsync(machine, first);
        await machine.ServeAsync(first.UserData);
        await machine.FirstBootAsync(first.UserData);
        await machine.UntilAsync(s => s.Step == "prepare");
        await machine.SetAsync(new JsonObject { ["parameters"] = new JsonObject() });
        await machine.CrashAsync();
        await machine.UntilAsync(s => s.Step != "bundle");
        Assert.DoesNotContain(machine.Said, s => s.Step == "bundle" && s.Reason.Length > 0);

        var second = await RenderedAsync(machine, "  context_length: 8192\n");
        await machine.ServeAsync(second.UserData);
        await machine.RestartRunnerAsync();
        await machine.UntilAsync(s => s is { Step: "bundle", Reason: "bundle-missing" } && s.Digest == Digest(second.UserData));
        await PutAsync(machine, second);
        await machine.UntilAsync(s => s.Step != "bundle" && s.Digest == Digest(second.UserData));
        Assert.Contains("context_length='8192'", machine.Read(Values), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(machine.Root + "/var/lib/baker/bundles"));

        // Back to the first, which is there at once: the machine runs on until it has all of it.
        await PutAsync(machine, first);
        await machine.ServeAsync(first.UserData);
        await machine.RestartRunnerAsync();
        await machine.UntilAsync(s => s.Digest == Digest(first.UserData) && s.Step != "bundle");
        Assert.DoesNotContain("context_length='8192'", machine.Read(Values), StringComparison.Ordinal);

        var inline = await LabSpec.RenderedAsync(LabSpec.Aws(machine), "ollama");
        Assert.Null(inline.Bundle);
        await machine.ServeAsync(inline.UserData);
        await machine.RestartRunnerAsync();
        await machine.UntilAsync(s => s.Digest == Digest(inline.UserData));
        Assert.DoesNotContain("-----BEGIN", machine.Read(Values), StringComparison.Ordinal);
        Assert.DoesNotContain("unbundle", machine.Read("/usr/local/lib/baker/cloud.sh"), StringComparison.Ordinal);

        // As on every machine from before there were bundles.
        await machine.ServeAsync(first.UserData);
        await machine.RestartRunnerAsync();
        await machine.UntilAsync(s => s.Digest == Digest(first.UserData) && s.Step != "bundle");
        Assert.Contains("-----BEGIN", machine.Read(Values), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_waits_in_vain_takes_user_data_without_a_bundle()
    {
        await using var machine = await LabMachine.StartAsync(Options);
        var data = await RenderedAsync(machine);
        await machine.ServeAsync(data.UserData);
        await machine.FirstBootAsync(data.UserData);
        await machine.UntilAsync(s => s is { Step: "bundle", Reason: "bundle-missing" });
        var inline = await LabSpec.RenderedAsync(LabSpec.Aws(machine), "ollama");
        await machine.ServeAsync(inline.UserData);
        await machine.RestartRunnerAsync();
        await machine.UntilAsync(s => s.Step != "bundle" && s.Digest == Digest(inline.UserData));
    }

    /// <summary>Power was lost after some files had taken their names: the others, whichever they are, take theirs.</summary>
    [Fact]
    public async Task Whatever_of_it_has_arrived_when_power_is_lost_the_rest_follows()
    {
        await using var machine = await LabMachine.StartAsync(Options);
        var data = await RenderedAsync(machine);
        await PutAsync(machine, data);
        await machine.ServeAsync(data.UserData);
        await machine.FirstBootAsync(data.UserData);
        await machine.UntilAsync(s => s.Step == "prepare");
        var own = new Dictionary<string, string> { [Values] = Content(data.UserData, Values), [Runner] = Content(data.UserData, Runner) };
        var whole = own.Keys.ToDictionary(p => p, machine.Read);
        foreach (var (old, isReadable) in new[] { ((string[])[Values], false), ([Runner], true), ([Values, Runner], false) })
        {
            await machine.RunAsync("systemctl", "stop", "baker");
            foreach (var path in old)
                await File.WriteAllTextAsync(machine.Root + path, own[path], TestContext.Current.CancellationToken);
            // Nor can user-data be read at first, where the values say which bundle it is.
            if (!isReadable)
                await machine.SetAsync(new JsonObject { ["user_data"] = "" });
            await machine.RestartRunnerAsync();
            await machine.UntilAsync(s => s.Step != "bundle");
            Assert.All(whole, f => Assert.Equal(f.Value, machine.Read(f.Key)));
            await machine.ServeAsync(data.UserData);
        }
        // A bundle that is broken on the disk is none.
        await machine.RunAsync("systemctl", "stop", "baker");
        await File.AppendAllTextAsync(Directory.GetFiles(machine.Root + "/var/lib/baker/bundles").Single(), "x", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(machine.Root + Values, own[Values], TestContext.Current.CancellationToken);
        await machine.RestartRunnerAsync();
        await machine.UntilAsync(s => s.Step != "bundle");
        Assert.Equal(whole[Values], machine.Read(Values));
    }

    // The authority of the lab among many that do not matter: too many for user-data.
    private static async Task<LabUserData> RenderedAsync(LabMachine machine, string ollama = "")
    {
        var data = await LabSpec.RenderedAsync(
            LabSpec.Aws(machine, "  instance_profile: duo-ollama\n" + ollama, "gateway: { instance_profile: duo-gateway }\n") + $"\n  ca: |\n{LabSpec.Indented(machine.Ca + Authorities.Value, 4)}\n", "ollama");
        Assert.NotNull(data.Bundle);
        return data;
    }

    private static readonly Lazy<string> Authorities = new(() => string.Concat(Enumerable.Range(0, 8).Select(i => OwnAuthority.Rsa(2048, $"Authority {i}"))));

    private static Task PutAsync(LabMachine machine, LabUserData data, bool denied = false) => machine.SetAsync(new JsonObject
    {
        ["parameters"] = new JsonObject(data.Parts.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value))),
        ["denied"] = new JsonArray([.. denied ? data.Parts.Keys.Select(k => (JsonNode)k) : []]),
    });

    private static string Digest(string userData) => DigestLine().Match(userData).Groups[1].Value;

    private static string Content(string userData, string path)
    {
        var yaml = new YamlDotNet.RepresentationModel.YamlStream();
        yaml.Load(new StringReader(userData));
        return ((YamlDotNet.RepresentationModel.YamlSequenceNode)yaml.Documents[0].RootNode["write_files"]).Single(f => (string)f["path"]! == path)["content"].ToString();
    }

    [GeneratedRegex("^    digest='(.*)'$", RegexOptions.Multiline)]
    private static partial Regex DigestLine();
}
