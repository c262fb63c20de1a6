using System.Collections.Immutable;
using System.Diagnostics;
using Baker.Tests.Support;
using Xunit;

namespace Baker.BootTests;

/// <summary>A stack on this machine with a folder of its own for everything, and the ways in that a user has: the program and SSH.</summary>
public sealed class StackOnDesk : IAsyncDisposable
{
    /// <summary>The first line of what the lab's GitLab takes for a licence with Duo Enterprise. It is a file, and as long as one: a code is for who reaches GitLab's portal.</summary>
    public const string License = "c4nary-licence-eyJkYXRhIjoiQSBzdGFuZC1pbiBmb3IgYSBsaWNlbmNlLCB3aGljaCBpcyBtdWNoIGxvbmdlciB0aGFuIHRoaXMgb25lIGlzIn0=";

    private readonly TemporaryFolder _folder = new();
    private readonly BootLab _lab;
    private readonly int _port;
    private readonly string _network;

    private StackOnDesk(BootLab lab, string name, int port, string network) => (_lab, Name, _port, _network) = (lab, name, port, network);

    public string Name { get; }

    /// <param name="port">GitLab's, on loopback; no two stacks may share one.</param>
    /// <param name="network">The first two numbers of its addresses.</param>
    public static async Task<StackOnDesk> DescribeAsync(BootLab lab, string name, int port, string network)
    {
        var stack = new StackOnDesk(lab, name, port, network);
        await Tool.Wanted("ssh-keygen", "openssh-client").RunAsync("-q", "-t", "ed25519", "-N", "", "-f", stack.At("key"));
        stack._folder.File("gitlab.license", $"{License}\nadd_ons: duo_enterprise=1 self_hosted_dap=1\n");
        stack.Write("");
        return stack;
    }

    public string Address(string host) => $"{_network}.{host}";

    public string At(string file) => Path.Combine(_folder.Path, file);

    /// <summary>Folder of the program's own records of running stacks.</summary>
    public string State => At("state/baker");

    /// <summary>The spec, with more or other keys at its end.</summary>
    public void Write(string ollama) => _folder.File("baker.yaml", $"""
        version: 1
        name: {Name}
        evaluation: true
        cloud:
          local: {"{"} image: {_lab.Image}/image, kernel: {_lab.Image}/kernel, initrd: {_lab.Image}/initrd {"}"}
        network: {"{"} cidr: {_network}.0.0/16 {"}"}
        ssh:
          from: [127.0.0.0/8]
          keys: ["{File.ReadAllText(At("key.pub")).Trim()}"]
        gitlab:
          url: https://gitlab.{Name}.test:{_port}
          tls: {"{"} private_ca: generate {"}"}
          license: {"{"} file: {"{"} local_file: ./gitlab.license {"}"} {"}"}
          machine: 1cpu-2gb
        gateway: {"{"} machine: 1cpu-2gb {"}"}
        ollama:
          machine: 1cpu-2gb
          {_lab.OllamaRelease}
        {ollama}
        {_lab.Mirrors}
        """);

    /// <summary>The program as a user runs it.</summary>
    public Task<ToolRun> BakerAsync(params string[] arguments) => Baker(arguments).RunAsync(All(arguments));

    /// <summary>The same, with a variable of the environment.</summary>
    public Task<ToolRun> BakerWithAsync(string variable, string value, params string[] arguments)
    {
        var baker = Baker(arguments);
        return (baker with { Environment = baker.Environment.Add(variable, value) }).RunAsync(All(arguments));
    }

    /// <summary>The same, not waited for.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Baker(arguments).Path, All(arguments)) { WorkingDirectory = _folder.Path, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public async Task<string> DoneAsync(params string[] arguments)
    {
        var run = await BakerAsync(arguments);
        TestContext.Current.TestOutputHelper?.WriteLine($"$ baker {string.Join(' ', arguments)}\n{run.Out}{run.Error}");
        if (run.Code != 0)
            Assert.Fail($"baker {string.Join(' ', arguments)}: exit code {run.Code}\n{run.Out}{run.Error}\n{Consoles()}");
        return run.Out + run.Error;
    }

    /// <summary>A command on a VM, as its administrator.</summary>
    /// <param name="host">The last number of its address.</param>
    public Task<ToolRun> SshAsync(int host, string command) => (Tool.Wanted("ssh", "openssh-client") with { TimeLimit = TimeSpan.FromMinutes(10) }).RunAsync(
        "-i", At("key"), "-p", $"{22_000 + host}", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-o", "ConnectTimeout=20", "debian@127.0.0.1",
        $"sudo bash -c '{command.Replace("'", "'\\''", StringComparison.Ordinal)}'");

    /// <summary>All that a machine has written on its serial console; empty before it runs.</summary>
    public string Console(string role)
    {
        var file = Directory.Exists(State) ? Directory.GetFiles(State, "console.log", SearchOption.AllDirectories).SingleOrDefault(p => p.Contains($"{Name}-{role}/", StringComparison.Ordinal)) : null;
        return file is null ? "" : File.ReadAllText(file);
    }

    /// <summary>Waits until a machine's console says what it has not said before.</summary>
    /// <param name="after">How much of the console is old.</param>
    public async Task SaidAsync(string role, string words, int after, TimeSpan limit)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (Console(role).IndexOf(words, after, StringComparison.Ordinal) < 0)
        {
            if (TimeProvider.System.GetElapsedTime(began) > limit)
                Assert.Fail($"{Name}-{role} did not say {words} in {limit.TotalMinutes:0} minutes\n{Consoles()}");
            await Task.Delay(500, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Takes the power of one machine.</summary>
    public void CutPower(string role)
    {
        var machine = Machines().Single(p => Folder(p).EndsWith($"/{Name}-{role}", StringComparison.Ordinal));
        machine.Kill();
        machine.WaitForExit();
    }

    /// <summary>Processes of the stack's machines, which run in the folders of their machines.</summary>
    public ImmutableArray<Process> Machines() => [.. Process.GetProcesses().Where(p => p.ProcessName.StartsWith("qemu-system", StringComparison.Ordinal) && Folder(p).StartsWith(State + "/", StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        await BakerAsync("destroy", "--yes", "--delete-data", "--break-lock");
        foreach (var machine in Machines())
            machine.Kill();
        _folder.Dispose();
    }

    /// <summary>Empty where the process has ended.</summary>
    private static string Folder(Process process)
    {
        try
        {
            return Directory.ResolveLinkTarget($"/proc/{process.Id}/cwd", returnFinalTarget: false)?.FullName ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    private ImmutableDictionary<string, string> Environment => ImmutableDictionary<string, string>.Empty
        .Add("XDG_STATE_HOME", At("state")).Add("XDG_CACHE_HOME", At("cache")).Add("DOTNET_NOLOGO", "1");

    private Tool Baker(string[] arguments) => Tool.Wanted("dotnet", "dotnet-sdk-10.0") with
    {
        Directory = _folder.Path,
        Environment = Environment,
        TimeLimit = arguments.Contains("--no-wait") ? TimeSpan.FromMinutes(5) : TimeSpan.FromMinutes(45),
    };

    // `images` takes its spec elsewhere than other commands do.
    private static string[] All(string[] arguments) =>
        [Path.Combine(AppContext.BaseDirectory, "baker.dll"), .. arguments[0] == "images" ? arguments : [arguments[0], "baker.yaml", .. arguments[1..]]];

    private string Consoles() => !Directory.Exists(State) ? "no machine was made" : string.Join('\n', Directory.GetFiles(State, "console.log", SearchOption.AllDirectories)
        .Select(p => $"--- {p}\n{string.Join('\n', File.ReadAllLines(p).TakeLast(25))}"));
}
