using System.Diagnostics;
using System.Text.Json.Nodes;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Lab;

/// <summary>A throwaway Debian 13 with systemd and servers of its own: tests/lab/README.md.</summary>
public sealed class LabMachine : IAsyncDisposable
{
    private const string RunnersFolder = "/run/baker";
    private readonly TemporaryFolder _work;
    private readonly LabLine _line;
    private int _pid;
    private int _boots;

    private LabMachine(TemporaryFolder work, LabLine line, JsonNode said)
    {
        (_work, _line, Offered) = (work, line, said);
        Ca = File.ReadAllText((string)said["ca"]!);
        OllamaSum = (string)said["ollama"]!["sha256"]!;
        GitLabFingerprint = (string)said["mirrors"]!["gitlab_packages_fingerprint"]!;
        Up(said);
    }

    /// <summary>The certificate authority of the servers, PEM.</summary>
    public string Ca { get; }

    /// <summary>SHA-256 of the archive of Ollama 0.32.7.</summary>
    public string OllamaSum { get; }

    /// <summary>Of the key that signs the lab's repository of GitLab's package.</summary>
    public string GitLabFingerprint { get; }

    /// <summary>All that the machine said of its servers when it started.</summary>
    public JsonNode Offered { get; }

    public string Console => File.ReadAllText(Path.Combine(_work.Path, "console"));

    /// <summary>The console has these words, or has them in a moment: the runner writes its status first.</summary>
    public async Task HeardAsync(string words)
    {
        for (var i = 0; i < 200 && !Console.Contains(words, StringComparison.Ordinal); i++)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Contains(words, Console, StringComparison.Ordinal);
    }

    /// <summary>What the runner has said on the console, in order.</summary>
    public IEnumerable<LabStatus> Said =>
        Console.Split('\n').Where(l => l.StartsWith("BAKER {", StringComparison.Ordinal)).Select(l => LabStatus.Parse(l[6..].TrimEnd('\r'))).OfType<LabStatus>();

    /// <summary>Null before the runner has said anything.</summary>
    public LabStatus? Status => Exists(RunnersFolder + "/status.json") ? LabStatus.Parse(Read(RunnersFolder + "/status.json")) : null;

    /// <summary>The machine's file system, as the tests see it while it runs.</summary>
    public string Root => $"/proc/{_pid}/root";

    /// <summary>Where the machine lacks something of this one, the calling test counts as skipped.</summary>
    public static async Task<LabMachine> StartAsync(LabOptions options)
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("only root can make machines of namespaces");
        var (tree, apt) = await LabGround.WantedAsync();
        await LabGround.Places.WaitAsync();
        var work = new TemporaryFolder();
        try
        {
            var cache = Path.Combine(Path.GetDirectoryName(tree)!, "lab");
            var (line, said) = await LabLine.StartAsync(["--tree", tree, "--apt", apt, "--work", work.Path, "--cache", cache, .. options.Arguments]);
            return new LabMachine(work, line, said);
        }
        catch
        {
            work.Dispose();
            LabGround.Places.Release();
            throw;
        }
    }

    public Task<JsonNode> AskAsync(JsonObject command) => _line.AskAsync(command);

    /// <summary>What the servers know, such as <c>secrets</c> or <c>models</c>.</summary>
    public Task SetAsync(JsonObject state) => AskAsync(new() { ["do"] = "set", ["state"] = state });

    /// <summary>Puts user-data where the machine's cloud serves it; it is read at the next start of the runner, or within five minutes.</summary>
    public async Task ServeAsync(string userData)
    {
        using var folder = new TemporaryFolder();
        await SetAsync(new() { ["user_data"] = folder.File("user-data", userData) });
    }

    public Task FaultAsync(string site, string path, string what, int times, int code = 503, int bytes = 0) => AskAsync(new()
    {
        ["do"] = "fault",
        ["fault"] = new JsonObject { ["site"] = site, ["path"] = path, ["do"] = what, ["times"] = times, ["code"] = code, ["bytes"] = bytes },
    });

    /// <summary>No faults any more, and an empty log.</summary>
    public Task ClearAsync() => AskAsync(new() { ["do"] = "clear" });

    public async Task<LabRequest[]> LogAsync() => [.. (await AskAsync(new() { ["do"] = "log" }))["log"]!.AsArray().Select(e => LabRequest.From(e!))];

    /// <summary>Moves the machine's clock forward; what waits, has waited.</summary>
    public Task SkipAsync(int seconds) => AskAsync(new() { ["do"] = "skip", ["seconds"] = seconds });

    public async Task CrashAsync() => Up(await AskAsync(new() { ["do"] = "crash" }));

    /// <summary>Until the machine is up again after it restarted itself.</summary>
    public async Task RebootedAsync() => Up(await AskAsync(new() { ["do"] = "wait-boot", ["boots"] = _boots }));

    /// <summary>Writes a file system with these files onto one of the disks.</summary>
    public async Task WriteDiskAsync(int number, string label, params (string Name, string Content)[] files)
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, content) in files)
            folder.File(name, content);
        await AskAsync(new() { ["do"] = "disk", ["number"] = number, ["label"] = label, ["folder"] = folder.Path });
    }

    public Task<ToolRun> RunAsync(params string[] command) => FeedAsync("", command);

    public async Task<ToolRun> FeedAsync(string input, params string[] command) => await new Tool(Tool.Find("nsenter")!.Path) { Input = input, TimeLimit = TimeSpan.FromMinutes(5) }.RunAsync(
        ["-t", $"{_pid}", "-a", "--", "env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "LANG=C.UTF-8", "TERM=linux", .. command]);

    public bool Exists(string path) => Path.Exists(Root + path);

    public string Read(string path) => File.ReadAllText(Root + path);

    /// <summary>Starts the runner anew, as after a restart of the machine or by a person.</summary>
    public async Task RestartRunnerAsync()
    {
        File.Delete(Root + RunnersFolder + "/status.json");
        (await RunAsync("systemctl", "restart", "baker")).Require();
    }

    /// <summary>Ends the runner and all it has started at once, by SIGKILL. systemd starts it again.</summary>
    public Task KillRunnerAsync() => RunAsync("systemctl", "kill", "--kill-whom=all", "--signal=KILL", "baker");

    /// <summary>A role of a stack that has just been powered on: user-data served and applied.</summary>
    public async Task<string> BeAsync(string spec, string role)
    {
        var userData = await LabSpec.RenderAsync(spec, role);
        await ServeAsync(userData);
        await FirstBootAsync(userData);
        return userData;
    }

    /// <summary>The files of a role without its runner, for what is called by hand.</summary>
    public async Task<string> FirstFilesAsync(string spec, string role)
    {
        var userData = await LabSpec.RenderAsync(spec, role);
        (await FeedAsync(userData, "first-boot", "--files")).Require();
        return userData;
    }

    /// <summary>Applies user-data as cloud-init does at a first boot.</summary>
    public async Task FirstBootAsync(string userData) => (await FeedAsync(userData, "first-boot")).Require();

    /// <summary>
    /// Waits until the runner says something that is <paramref name="right"/>. Pauses after a failure are skipped.
    /// </summary>
    /// <exception cref="TimeoutException">It never did; with console and journal.</exception>
    public async Task<LabStatus> UntilAsync(Func<LabStatus, bool> right, int seconds = 600)
    {
        var since = Stopwatch.StartNew();
        var before = Said.Count();
        while (since.Elapsed.TotalSeconds < seconds)
        {
            var status = Status;
            if (status is not null && right(status))
                return status;
            // By the machine's clock a state may be over before it is looked at.
            if (Said.Skip(before).FirstOrDefault(right) is { } over)
                return over;
            if (status is { State: "retrying" or "failed" })
                await SkipAsync(900);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        throw new TimeoutException($"not within {seconds} s\n{Console}\n{(await RunAsync("journalctl", "-u", "baker", "-n", "60", "--no-pager")).Words}");
    }

    public Task<LabStatus> ReadyAsync(int seconds = 600) => UntilAsync(s => s.State == "ready", seconds);

    public async ValueTask DisposeAsync()
    {
        await _line.DisposeAsync();
        _work.Dispose();
        LabGround.Places.Release();
    }

    private void Up(JsonNode said) => (_pid, _boots) = ((int)said["pid"]!, (int)said["boots"]!);
}
