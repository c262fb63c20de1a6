using System.Text;
using System.Text.Json;
using Baker.Cli;
using Baker.Tests.Clouds.Live.Aws;
using Baker.Tests.Clouds.Live.Google;
using Baker.Tests.Launching;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Cli;

/// <summary><c>baker secrets</c>: what is said of each secret, and what is stored by hand and stays.</summary>
public sealed class SecretsTests
{
    private const string Value = "typed-by-hand";

    [Fact]
    public async Task On_AWS()
    {
        using var account = new AwsFakeAccount();
        await CheckAsync(account, "{ aws_parameter: /duo/activation-code }", "/baker/duo/license", at => account.Ssm.Parameters[at].Value);
    }

    [Fact]
    public async Task On_Google()
    {
        using var account = new GoogleAccountFake();
        await CheckAsync(account, "{ gcp_secret: duo-activation-code }", "projects/my-project/secrets/baker-duo-license", at => Encoding.UTF8.GetString(account.Google.Secrets.Value(at)!));
    }

    [Fact]
    public async Task In_memory()
    {
        using var account = new MemoryAccount();
        await CheckAsync(account, "{ aws_parameter: /duo/activation-code }", "/baker/duo/license", at => Encoding.UTF8.GetString(account.Secrets[at]), isThere: false);
    }

    private static async Task CheckAsync(FakeAccount account, string own, string at, Func<string, string> stored, bool isThere = true)
    {
        var spec = account.Spec.Replace(own, "{ env: DUO_CODE }", StringComparison.Ordinal);
        Assert.NotEqual(account.Spec, spec);
        async Task<BakerRun> RunAsync(int code, string[] arguments, string? of = null)
        {
            var run = await account.RunPlainAsync(of ?? spec, arguments);
            Assert.True(run.Code == code, $"{run.Code}\n{run.Error}{run.Out}");
            Assert.DoesNotContain(Value, run.Error + run.Out, StringComparison.Ordinal);
            return run;
        }

        async Task<string[]> ListedAsync(string? of = null) =>
            [.. (await RunAsync(ExitCode.Done, ["secrets", "list", "baker.yaml"], of)).Out.Split('\n').Select(l => string.Join('|', l.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))];

        Assert.Contains($"license|gitlab|missing: launch stores the variable DUO_CODE|{at}", await ListedAsync());
        Assert.Contains(await ListedAsync(), l => l.StartsWith("root_password|gitlab|missing: launch makes it|", StringComparison.Ordinal));
        // What lies at a place of the user's own is theirs to store.
        Assert.Contains(await ListedAsync(account.Spec), l => l.StartsWith(isThere ? "license|gitlab|stored|" : "license|gitlab|missing: yours to store|", StringComparison.Ordinal));
        account.Input = Value;
        Assert.Contains("which is yours: store it there, or write { env: NAME } in its place", (await RunAsync(ExitCode.Usage, ["secrets", "set", "license"], account.Spec)).Error, StringComparison.Ordinal);
        Assert.Contains("this stack has no secret licence; it has: root_password, license", (await RunAsync(ExitCode.Usage, ["secrets", "set", "licence"])).Error, StringComparison.Ordinal);
        Assert.Contains("`baker launch` makes root_password", (await RunAsync(ExitCode.Usage, ["secrets", "set", "root_password"])).Error, StringComparison.Ordinal);
        Assert.Contains("standard input has the secret's value", (await RunAsync(ExitCode.Usage, ["secrets", "set", "license", "--spec", "-"])).Error, StringComparison.Ordinal);
        account.Input = "";
        Assert.Contains("nothing is stored as license: it is empty", (await RunAsync(ExitCode.Refused, ["secrets", "set", "license"])).Error, StringComparison.Ordinal);
        Assert.Empty(account.Writes);

        account.Input = Value;
        Assert.Contains($"license: stored in {at}; VMs look for it once a day and at every start", (await RunAsync(ExitCode.Done, ["secrets", "set", "license"])).Error, StringComparison.Ordinal);
        Assert.Equal(Value, stored(at));
        Assert.Contains($"license|gitlab|stored|{at}", await ListedAsync());
        // It suffices for a launch, and stays where the variable says otherwise.
        await RunAsync(ExitCode.Done, ["launch", "baker.yaml", "--yes", "--no-wait"]);
        account.Variables["DUO_CODE"] = "another";
        Assert.Contains($"license|gitlab|stored, and not from the variable DUO_CODE|{at}", await ListedAsync());
        Assert.Contains("--store-secrets puts the variable DUO_CODE there", (await RunAsync(ExitCode.Done, ["launch", "baker.yaml", "--yes", "--no-wait"])).Error, StringComparison.Ordinal);
        Assert.Equal(Value, stored(at));

        using var json = JsonDocument.Parse((await RunAsync(ExitCode.Done, ["secrets", "list", "--json"])).Out);
        var license = json.RootElement.EnumerateArray().Single(s => s.GetProperty("name").GetString() == "license");
        Assert.Equal(("foreign", "the variable DUO_CODE", false), (license.GetProperty("state").GetString(), license.GetProperty("from").GetString(), license.GetProperty("isMade").GetBoolean()));
        await RunAsync(ExitCode.Done, ["destroy", "baker.yaml", "--yes", "--delete-data", "--release-address"]);
        Assert.Contains($"license|gitlab|missing: launch stores the variable DUO_CODE|{at}", await ListedAsync());
    }

    [Fact]
    public async Task One_that_somebody_may_not_look_at_hides_no_other()
    {
        using var account = new AwsFakeAccount();
        account.Denied.Add("ssm:GetParameter");
        var run = await account.RunPlainAsync(account.Spec, "secrets", "list");
        Assert.True(run.Code == ExitCode.Done, run.Error);
        Assert.Matches("license +gitlab +not known: you may not look at it +/duo/activation-code\n", run.Out);
    }

    /// <summary>A terminal of its own, as a person has it: what is typed there is not shown, and a correction is one.</summary>
    [Fact]
    public async Task What_is_typed_is_not_shown()
    {
        var python = Tool.Wanted("python3", "python3");
        using var folder = new TemporaryFolder();
        folder.File("baker.yaml", "version: 1\nname: duo\nevaluation: true\ncloud: { local: {} }\ngitlab: { url: https://gitlab.example.com, tls: { private_ca: generate }, license: { activation_code: { env: DUO_CODE } } }\n");
        folder.File("terminal.py", """
            import os, pty, sys, time
            def until(terminal, word):
                seen = b""
                try:
                    while word not in seen:
                        seen += os.read(terminal, 4096)
                except OSError: # the program has ended
                    sys.stdout.write(seen.decode())
                return seen
            child, terminal = pty.fork()
            if child == 0:
                os.execvp(sys.argv[1], sys.argv[1:])
            seen = until(terminal, b"(it is not shown): ")
            time.sleep(1)
            os.write(terminal, b"typed-by-hanf\x7fd\n")
            seen += until(terminal, b"every start")
            sys.stdout.write(seen.decode())
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            """);
        var process = new BakerProcess(folder.Path, [new("TERM", "xterm")]);
        var run = await (process with { Program = python.Path }).RunAsync("terminal.py", process.Program, "secrets", "set", "license");
        Assert.True(run.Code == ExitCode.Done, run.Words);
        Assert.DoesNotContain("typed", run.Words, StringComparison.Ordinal);
        var stored = Assert.Single(Directory.GetFiles(folder.Path, "license", SearchOption.AllDirectories));
        Assert.Equal(Value, await File.ReadAllTextAsync(stored, TestContext.Current.CancellationToken));
    }
}
