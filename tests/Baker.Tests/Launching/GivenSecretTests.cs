using System.Text;
using Baker.Cli;
using Baker.Tests.Clouds.Live.Aws;
using Baker.Tests.Clouds.Live.Google;
using Xunit;

namespace Baker.Tests.Launching;

/// <summary>A secret that comes from a file beside the spec, or from a variable: when it is stored, and what becomes of one that somebody else has stored.</summary>
public class GivenSecretTests
{
    private static readonly string[] Launch = ["launch", "--yes", "--no-wait"];

    [Fact]
    public async Task In_memory()
    {
        using var account = new MemoryAccount();
        await CheckAsync(account, "/baker/duo/license", at => account.Secrets.TryGetValue(at, out var value) && account.Inventory.Contains($"secret {at}") ? Encoding.UTF8.GetString(value) : null, (at, value) =>
        {
            account.Secrets[at] = Encoding.UTF8.GetBytes(value);
            account.Versions[at]++;
        });
    }

    [Fact]
    public async Task In_AWS_parameter_store()
    {
        using var account = new AwsFakeAccount();
        await CheckAsync(account, "/baker/duo/license", at => account.Ssm.Parameters.TryGetValue(at, out var found) ? found.Value : null, (at, value) =>
            account.Ssm.Answer("PutParameter", new() { ["Name"] = at, ["Value"] = value, ["Type"] = "SecureString", ["Overwrite"] = true }));
    }

    [Fact]
    public async Task In_Google_Secret_Manager()
    {
        using var account = new GoogleAccountFake();
        await CheckAsync(account, "projects/my-project/secrets/baker-duo-license", at => account.Google.Secrets.Value(at) is { } value ? Encoding.UTF8.GetString(value) : null, (at, value) =>
            account.Google.Secrets.Store(at, Encoding.UTF8.GetBytes(value)));
    }

    [Fact]
    public async Task A_variable_is_stored_as_a_file_is()
    {
        using var memory = new MemoryAccount();
        using var aws = new AwsFakeAccount();
        using var google = new GoogleAccountFake();
        foreach (var account in new FakeAccount[] { memory, aws, google })
        {
            var spec = With(account.Spec, "{ env: DUO_CODE }");
            async Task<string> RunAsync(int code, params string[] arguments)
            {
                var run = await account.RunAsync(spec, arguments);
                Assert.True(run.Code == code, $"{run.Code}\n{run.Error}{run.Out}");
                Assert.DoesNotContain("of-a-pipeline", run.Error + run.Out + string.Join('\n', account.Inventory), StringComparison.Ordinal);
                return run.Error + run.Out;
            }

            Assert.Contains("the variable DUO_CODE of secret license: it is not set, and nothing is stored yet", await RunAsync(ExitCode.Refused, Launch), StringComparison.Ordinal);
            account.Variables["DUO_CODE"] = "";
            Assert.Contains("the variable DUO_CODE of secret license: it is empty", await RunAsync(ExitCode.Refused, Launch), StringComparison.Ordinal);
            Assert.Empty(account.Writes);
            account.Variables["DUO_CODE"] = "of-a-pipeline";
            Assert.Matches("[+] secret license: .*, from the variable DUO_CODE\n", await RunAsync(ExitCode.Done, Launch));
            account.Variables.Clear();
            Assert.Contains("no change", await RunAsync(ExitCode.Done, Launch), StringComparison.Ordinal);
            account.Variables["DUO_CODE"] = "of-a-pipeline-2";
            Assert.Contains("~ secret license: the variable DUO_CODE has changed since a launch stored it\n", await RunAsync(ExitCode.Different, "diff"), StringComparison.Ordinal);
            await RunAsync(ExitCode.Done, Launch);
            Assert.Contains("no change", await RunAsync(ExitCode.Done, "diff"), StringComparison.Ordinal);
        }
        Assert.Equal("of-a-pipeline-2", aws.Ssm.Parameters["/baker/duo/license"].Value);
        Assert.Equal("of-a-pipeline-2", Encoding.UTF8.GetString(google.Google.Secrets.Value("projects/my-project/secrets/baker-duo-license")!));
    }

    [Fact]
    public async Task What_no_variable_has_is_asked_for_once()
    {
        using var account = new MemoryAccount();
        var spec = With(account.Spec, "{ env: DUO_CODE }");
        // Nobody is asked who has said so, and a diff changes nothing.
        account.Unseen = "typed-unseen";
        Assert.Contains("it is not set, and nothing is stored yet", (await account.RunAsync(spec, Launch)).Error, StringComparison.Ordinal);
        Assert.DoesNotContain("(it is not shown)", (await account.RunAsync(spec, "launch", "--dry-run")).Error, StringComparison.Ordinal);
        account.Input = "y\n";
        var first = await account.RunAsync(spec, "launch", "--no-wait");
        Assert.True(first.Code == ExitCode.Done, first.Error);
        Assert.Contains("license, for the variable DUO_CODE (it is not shown): \n", first.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("typed-unseen", first.Error + first.Out, StringComparison.Ordinal);
        Assert.Equal("typed-unseen", Encoding.UTF8.GetString(account.Secrets["/baker/duo/license"]));
        var second = await account.RunAsync(spec, "launch", "--no-wait");
        Assert.Contains("no change", second.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("(it is not shown)", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public Task Cut_off_at_any_call_it_is_finished_on_AWS() => CutOffAsync(new AwsFakeAccount(), a => a.Ssm.Parameters["/baker/duo/license"].Value);

    [Fact]
    public Task Cut_off_at_any_call_it_is_finished_on_Google() => CutOffAsync(new GoogleAccountFake(), a => Encoding.UTF8.GetString(a.Google.Secrets.Value("projects/my-project/secrets/baker-duo-license")!));

    /// <summary>A value and its mark are two calls. Between them nobody can tell who stored it: that is said, with the way on.</summary>
    private static async Task CutOffAsync<T>(T made, Func<T, string> stored)
        where T : FakeAccount
    {
        using var account = made;
        var spec = With(account.Spec, "{ env: DUO_CODE }");
        async Task<string> DoneAsync(params string[] arguments)
        {
            var run = await account.RunAsync(spec, arguments);
            Assert.True(run.Code == ExitCode.Done, $"{run.Code}\n{run.Error}{run.Out}");
            return run.Error;
        }

        // Whoever was cut off has left its lock.
        string[] launch = [.. Launch, "--break-lock"];
        account.Variables["DUO_CODE"] = "0";
        await DoneAsync(launch);
        account.Variables["DUO_CODE"] = "1";
        var before = account.Calls;
        await DoneAsync(launch);
        var calls = account.Calls - before;
        var unmarked = 0;
        for (var at = 1; at <= calls; at++)
        {
            account.Variables["DUO_CODE"] = $"{at + 1}";
            var last = stored(made);
            (account.FaultAt, account.FaultKind) = (account.Calls + at, Fault.Kill);
            await account.RunAsync(spec, launch);
            account.FaultAt = 0;
            if (at < calls - 1 && stored(made) == last)
                continue;
            var said = await DoneAsync(launch);
            if (said.Contains("a launch that was cut off", StringComparison.Ordinal))
            {
                unmarked++;
                Assert.DoesNotContain("no change", said, StringComparison.Ordinal);
                await DoneAsync([.. launch, "--store-secrets"]);
            }
            said = await DoneAsync(launch);
            Assert.True(said.Contains("no change", StringComparison.Ordinal), $"call {at} of {calls}: {said}");
            Assert.Equal($"{at + 1}", stored(made));
        }
        Assert.InRange(unmarked, 1, 2);
    }

    private static string With(string spec, string reference) =>
        spec.Replace("{ aws_parameter: /duo/activation-code }", reference, StringComparison.Ordinal).Replace("{ gcp_secret: duo-activation-code }", reference, StringComparison.Ordinal);

    private static async Task CheckAsync(FakeAccount account, string at, Func<string, string?> stored, Action<string, string> storeByHand)
    {
        var spec = With(account.Spec, "{ local_file: ./code.txt }");
        async Task<string> RunAsync(int code, params string[] arguments)
        {
            var run = await account.RunAsync(spec, arguments);
            Assert.True(run.Code == code, $"{run.Code}\n{run.Error}{run.Out}");
            Assert.DoesNotContain("from-file", run.Error + run.Out + string.Join('\n', account.Inventory), StringComparison.Ordinal);
            return run.Error + run.Out;
        }

        // Refused before anything is made, all that is wrong with the file.
        Assert.Contains("the file ./code.txt of secret license: Could not find file", await RunAsync(ExitCode.Refused, Launch), StringComparison.Ordinal);
        account.Files["code.txt"] = "";
        Assert.Contains("the file ./code.txt of secret license: it is empty", await RunAsync(ExitCode.Refused, Launch), StringComparison.Ordinal);
        account.Files["code.txt"] = new string('x', 70_000);
        Assert.Matches("the file ./code.txt of secret license: it has 70000 bytes, and one may have (4096|8192|65536)\n", await RunAsync(ExitCode.Refused, Launch));
        Assert.Empty(account.Writes);

        account.Files["code.txt"] = "from-file-1\n";
        Assert.Contains($"+ secret license: {at}, from ./code.txt\n", await RunAsync(ExitCode.Done, Launch), StringComparison.Ordinal);
        Assert.Equal("from-file-1\n", stored(at));
        Assert.Contains("no change", await RunAsync(ExitCode.Done, "diff"), StringComparison.Ordinal);
        // A colleague has the spec alone.
        account.Files.Clear();
        Assert.Contains("no change", await RunAsync(ExitCode.Done, Launch), StringComparison.Ordinal);

        account.Files["code.txt"] = "from-file-2";
        Assert.Contains("~ secret license: ./code.txt has changed since a launch stored it\n", await RunAsync(ExitCode.Different, "diff"), StringComparison.Ordinal);
        await RunAsync(ExitCode.Done, Launch);
        Assert.Equal("from-file-2", stored(at));
        Assert.Contains("no change", await RunAsync(ExitCode.Done, Launch), StringComparison.Ordinal);

        // What somebody else has stored is theirs, whatever the file holds.
        storeByHand(at, "by hand");
        Assert.Contains($"nothing is changed: what differs is left as it is\n  ! secret license: stays as somebody else, or a launch that was cut off, has stored it in {at}: --store-secrets puts ./code.txt there\n",
            await RunAsync(ExitCode.Done, Launch), StringComparison.Ordinal);
        Assert.Equal("by hand", stored(at));
        Assert.Contains("~ secret license: what somebody else has stored gives way to ./code.txt\n", await RunAsync(ExitCode.Different, "diff", "--store-secrets"), StringComparison.Ordinal);
        await RunAsync(ExitCode.Done, [.. Launch, "--store-secrets"]);
        Assert.Equal("from-file-2", stored(at));
        Assert.Contains("no change", await RunAsync(ExitCode.Done, Launch), StringComparison.Ordinal);

        Assert.Contains("secret license", await RunAsync(ExitCode.Done, "destroy", "--yes", "--release-address"), StringComparison.Ordinal);
        Assert.Equal("from-file-2", stored(at));
        await RunAsync(ExitCode.Done, "destroy", "--yes", "--delete-data", "--release-address");
        Assert.Null(stored(at));
    }
}
