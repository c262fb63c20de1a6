using System.Net;
using Baker.Cli;
using Baker.Clouds.Live;
using Baker.Tests.Launching;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Verifying;

/// <summary>The whole table, for stacks in different states: what is printed is a golden.</summary>
public sealed class VerifyTableTests
{
    public static TheoryData<string, int> Stacks => new()
    {
        { "all-good", ExitCode.Done },
        { "no-dns", ExitCode.Refused },
        { "nothing-launched", ExitCode.Refused },
        { "still-at-work", ExitCode.Refused },
        { "no-licence", ExitCode.Refused },
        { "no-seat", ExitCode.Refused },
        { "maker-not-reached", ExitCode.Refused },
        { "maker-behind-a-proxy", ExitCode.Refused },
        { "offline", ExitCode.Done },
        { "no-model", ExitCode.Refused },
        { "setting-refused", ExitCode.Refused },
        { "gitlab-stopped", ExitCode.Refused },
        { "own-authority", ExitCode.Done },
        { "old-gitlab", ExitCode.Done },
        { "signed-out", ExitCode.Refused },
    };

    [Theory, MemberData(nameof(Stacks))]
    public async Task Says_what_holds_what_does_not_and_what_is_not_known(string name, int code)
    {
        await using var rig = await VerifyRig.StartAsync(Spec(name), launched: name != "nothing-launched");
        Prepare(rig, name);
        var run = await rig.RunAsync(trusts: name != "own-authority");
        Golden.Check(run.Out + run.Error.Split('\n')[^2] + "\n", "verify", $"{name}.txt");
        Assert.Equal(code, run.Code);
    }

    private static Func<string, string>? Spec(string name) => name switch
    {
        "own-authority" => s => s.Replace("tls: { letsencrypt: { email: ops@example.com } }", "public_address: none\n  tls: { private_ca: generate }", StringComparison.Ordinal) + "gateway: { instance_profile: duo-gateway }\n",
        "offline" => s => s.Replace("activation_code:", "file:", StringComparison.Ordinal),
        "old-gitlab" => s => s.Replace("  tls:", "  version: 17.7.0\n  tls:", StringComparison.Ordinal) + "evaluation: true\ngateway: { image: gitlab/model-gateway:self-hosted-v17.7.0-ee }\n",
        _ => null,
    };

    private static void Prepare(VerifyRig rig, string name)
    {
        switch (name)
        {
            case "nothing-launched":
                rig.Found = [];
                return;
            case "own-authority":
                rig.Found = [IPAddress.Parse("10.77.1.10")];
                break;
            case "no-dns":
                rig.Found = [];
                break;
            case "still-at-work":
                rig.Say("gitlab", "running", "gitlab-package", done: "43%");
                rig.Say("gateway", "waiting", "gate", "gitlab");
                rig.Say("ollama", "running", "models", done: "12%");
                return;
            case "no-licence":
                rig.Say("gitlab", "waiting", "licence", "licence");
                break;
            case "maker-not-reached":
                rig.Say("gitlab", "ready", "duo", note: "no user yet: jane, not reached: cloud.gitlab.com duo-workflow-svc.runway.gitlab.net/h2");
                break;
            case "maker-behind-a-proxy":
                rig.Say("gitlab", "waiting", "vendor", "http-407", "not reached: customers.gitlab.com cloud.gitlab.com: the proxy answers 407");
                break;
            case "no-seat":
                rig.Say("gitlab", "failed", "duo", "seats");
                break;
            case "no-model":
                rig.Say("gitlab", "retrying", "duo", "model-server");
                rig.Say("ollama", "failed", "models", "model-missing");
                break;
            case "setting-refused":
                rig.Say("gitlab", "failed", "duo", "duo");
                break;
            case "gitlab-stopped":
                rig.Account.Machines["duo-gitlab"] = rig.Account.Machines["duo-gitlab"] with { State = MachineState.Stopped };
                return;
            case "signed-out":
                rig.Account.FaultAt = rig.Account.Calls + 1;
                rig.Account.FaultKind = Fault.Refuse;
                break;
        }
        rig.Serve();
    }
}
