using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Baker.Tests.Lab;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>A changed spec reaches a machine that runs: user-data is read again from where its cloud keeps it.</summary>
public class RefreshTests
{
    [Fact]
    public async Task From_aws_compressed_and_plain_with_a_token()
    {
        await using var machine = await LabMachine.StartAsync(new() { Cloud = "aws" });
        var first = await machine.FirstFilesAsync(LabSpec.Aws(machine), "ollama");
        await machine.ServeAsync(first);
        Assert.Equal(0, await RefreshAsync(machine));
        var second = await LabSpec.RenderAsync(LabSpec.Aws(machine, "  context_length: 8192\n"), "ollama");
        await ServeBytesAsync(machine, Zipped(second), "");
        await ChangesAsync(machine);

        // What is no user-data of ours, or none at all, changes nothing.
        await ServeBytesAsync(machine, "#cloud-config\nruncmd: [[reboot]]\n"u8.ToArray(), "");
        Assert.InRange(await RefreshAsync(machine), 1, 9);
        await machine.SetAsync(new JsonObject { ["user_data"] = "" });
        Assert.InRange(await RefreshAsync(machine), 1, 9);
        await ServeBytesAsync(machine, Zipped(second)[..400], "");
        Assert.InRange(await RefreshAsync(machine), 1, 9);
        Assert.Contains("context_length='8192'", machine.Read("/etc/baker/values"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_google_as_text_and_as_base64()
    {
        await using var machine = await LabMachine.StartAsync(new() { Cloud = "gcp" });
        await machine.ServeAsync(await machine.FirstFilesAsync(LabSpec.Google(machine), "ollama"));
        Assert.Equal(0, await RefreshAsync(machine));
        var second = await LabSpec.RenderAsync(LabSpec.Google(machine, "  context_length: 8192\n"), "ollama");
        await ServeBytesAsync(machine, Encoding.ASCII.GetBytes(Convert.ToBase64String(Zipped(second))), "base64");
        await ChangesAsync(machine);
    }

    [Fact]
    public async Task From_the_seed_of_a_local_machine()
    {
        await using var machine = await LabMachine.StartAsync(new() { Disks = ["16M"] });
        var first = await machine.FirstFilesAsync(LabSpec.Local(machine), "ollama");
        Assert.InRange(await RefreshAsync(machine), 1, 9);
        await machine.WriteDiskAsync(0, "cidata", ("user-data", first), ("meta-data", "instance-id: i-1\n"));
        Assert.Equal(0, await RefreshAsync(machine));
        await machine.WriteDiskAsync(0, "cidata", ("user-data", await LabSpec.RenderAsync(LabSpec.Local(machine, "  context_length: 8192\n"), "ollama")), ("meta-data", "instance-id: i-1\n"));
        await ChangesAsync(machine);
    }

    [Fact]
    public async Task A_runner_compares_only_after_something_has_changed_be_it_by_somebody_on_the_machine()
    {
        const string Script = "/usr/local/lib/baker/console.sh";
        await using var machine = await LabMachine.StartAsync(OllamaTests.Options);
        await machine.BeAsync(LabSpec.Aws(machine), "ollama");
        await machine.ReadyAsync(900);
        Assert.Equal("600", (await machine.RunAsync("stat", "-c", "%a", "/run/baker/new")).Out.Trim());

        // Not even root may start it, so the journal says when it was tried.
        await machine.RunAsync("chmod", "-x", "/usr/local/lib/baker/refresh");
        await machine.RestartRunnerAsync();
        await machine.ReadyAsync(900);
        Assert.DoesNotContain("refresh: Permission denied", await JournalAsync(machine), StringComparison.Ordinal);

        var before = machine.Read(Script);
        File.AppendAllText(machine.Root + Script, "# mine\n");
        await machine.RestartRunnerAsync();
        await machine.ReadyAsync(900);
        Assert.Contains("refresh: Permission denied", await JournalAsync(machine), StringComparison.Ordinal);
        await machine.RunAsync("chmod", "+x", "/usr/local/lib/baker/refresh");
        await machine.RestartRunnerAsync();
        await machine.ReadyAsync(900);
        Assert.Equal(before, machine.Read(Script));
        Assert.Contains("user-data has changed: /usr/local/lib/baker/console.sh", await JournalAsync(machine), StringComparison.Ordinal);
    }

    private static async Task<string> JournalAsync(LabMachine machine) => (await machine.RunAsync("journalctl", "-u", "baker", "--no-pager")).Require();

    private static async Task ChangesAsync(LabMachine machine)
    {
        var run = await RunAsync(machine);
        Assert.Equal(10, run.Code);
        Assert.Equal("user-data has changed: /etc/baker/values\n", run.Out);
        Assert.Contains("context_length='8192'", machine.Read("/etc/baker/values"), StringComparison.Ordinal);
        Assert.Equal("600", (await machine.RunAsync("stat", "-c", "%a", "/etc/baker/values")).Out.Trim());
        Assert.Equal(0, await RefreshAsync(machine));
    }

    private static async Task<int> RefreshAsync(LabMachine machine) => (await RunAsync(machine)).Code;

    // As the runner calls it.
    private static Task<Support.ToolRun> RunAsync(LabMachine machine) => machine.RunAsync("bash", "-c", SecretTests.Script("user_data | $lib/refresh", ""));

    private static async Task ServeBytesAsync(LabMachine machine, byte[] data, string encoding)
    {
        using var folder = new Support.TemporaryFolder();
        var path = folder.File("user-data", "");
        await File.WriteAllBytesAsync(path, data, TestContext.Current.CancellationToken);
        await machine.SetAsync(new JsonObject { ["user_data"] = path, ["user_data_encoding"] = encoding });
    }

    private static byte[] Zipped(string text)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.SmallestSize))
            zip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }
}
