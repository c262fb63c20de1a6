using System.Text.Json.Nodes;
using Baker.Tests.Lab;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>
/// A certificate by ACME, from a server that asks DNS and port 80 as Let's Encrypt does: the name is late, the port is closed at first, nginx is late once,
/// and then the certificate that is served is the one that was issued.
/// </summary>
public class GitLabAcmeTests
{
    private const string Host = "gitlab.desk.test";
    private const string Address = "10.77.1.10";
    private const string Pause = "/var/lib/baker/acme";
    private const string Faults = "/var/lib/gitlab-lab/faults";
    private const string RootPassword = "projects/my-project/secrets/root-password";

    // Beside the servers of the lab, which have ports 80 and 443 of other addresses.
    private const string Own = $"nginx['listen_addresses'] = ['127.0.0.1', '{Address}']\n";

    [Fact]
    public async Task It_gets_through_when_it_can_and_asks_no_more_often_than_it_may()
    {
        await using var machine = await LabMachine.StartAsync(new()
        {
            Cloud = "gcp",
            HasAcme = true,
            Addresses = [Address + "/24"],
            Disks = ["200M:by-id/google-data"],
            Speed = 3,
        });
        (await machine.FeedAsync(Own, "sh", "-c", "mkdir -p /etc/gitlab && cat >/etc/gitlab/local.rb")).Require();
        (await machine.RunAsync("nft", $"add table inet closed; add chain inet closed in {{ type filter hook input priority 0; }}; add rule inet closed in ip daddr {Address} tcp dport 80 reject with tcp reset")).Require();
        await machine.SetAsync(new() { ["secrets"] = new JsonObject { [RootPassword] = new JsonArray(GitLabVm.Password) } });
        await machine.BeAsync(Spec(machine), "gitlab");

        // A machine without an address; then with one that is replaced; then with the one that the name leads to.
        await machine.UntilAsync(s => s is { Step: "dns", State: "waiting", Reason: "metadata" }, 300);
        await machine.SetAsync(new() { ["public_ip"] = "10.77.1.99", ["names"] = new JsonObject { [Host] = new JsonArray(Address) } });
        await machine.UntilAsync(s => s is { Step: "dns", State: "waiting", Reason: "dns", Done: $"want 10.77.1.99 have {Address}" });
        Assert.Empty(Orders(machine));
        await machine.SetAsync(new() { ["public_ip"] = Address });

        await machine.UntilAsync(s => s is { Step: "reconfigure", State: "failed", Reason: "acme" }, 300);
        Assert.Single(Orders(machine));
        var own = await ServedAsync(machine);
        Assert.Contains($"issuer=CN={Host}", own, StringComparison.Ordinal);

        // A restart resets nothing of the pause.
        await machine.RestartRunnerAsync();
        await machine.UntilAsync(s => s is { Step: "reconfigure", State: "failed", Reason: "acme" });
        Assert.Single(Orders(machine));

        // The port is open and the quarter of an hour over; but nginx is not up at the moment that counts.
        (await machine.RunAsync("nft", "delete table inet closed")).Require();
        (await machine.RunAsync("sh", "-c", $"touch -d '-15 min' {Pause}; mkdir -p {Path.GetDirectoryName(Faults)}; echo nginx-late >{Faults}")).Require();
        await machine.RestartRunnerAsync();
        await machine.UntilAsync(s => s is { Step: "reconfigure", State: "retrying", Reason: "gitlab" });
        Assert.Single(Orders(machine));
        await machine.UntilAsync(s => s is { State: "waiting", Reason: "licence" }, 100);

        var issued = await ServedAsync(machine);
        Assert.Contains("issuer=CN=Pebble Intermediate CA", issued, StringComparison.Ordinal);
        Assert.False(machine.Exists(Pause));
        // By whom GitLab itself trusts, and everybody outside.
        Assert.Equal("200", (await machine.FeedAsync((string)machine.Offered["acme"]!["root"]!, "sh", "-c",
            $"cat >/tmp/root.pem; curl -qsS -o /dev/null -w '%{{http_code}}' --cacert /tmp/root.pem --resolve {Host}:443:{Address} https://{Host}/users/sign_in")).Require());

        var asked = Orders(machine).Length;
        await machine.CrashAsync();
        await machine.UntilAsync(s => s is { State: "waiting", Reason: "licence" } && s.Boot == machine.Read("/proc/sys/kernel/random/boot_id").Trim(), 180);
        (await machine.RunAsync("gitlab-ctl", "reconfigure")).Require();
        Assert.Equal(issued, await ServedAsync(machine));
        Assert.Equal(asked, Orders(machine).Length);
        await Canaries.NoneAsync(machine, GitLabVm.Password, "lab-session-token==");
    }

    private static string[] Orders(LabMachine machine) =>
        [.. File.ReadLines((string)machine.Offered["acme"]!["log"]!).Where(l => l.Contains("POST /order-plz", StringComparison.Ordinal))];

    private static async Task<string> ServedAsync(LabMachine machine) => (await machine.RunAsync("bash", "-c",
        $"openssl s_client -connect {Address}:443 -servername {Host} </dev/null 2>/dev/null | openssl x509 -noout -issuer -serial -nameopt RFC2253")).Require();

    private static string Spec(LabMachine machine) => $"""
        version: 1
        name: lab
        evaluation: true
        cloud:
          gcp: {"{"} project: my-project, region: europe-west4, zone: europe-west4-a {"}"}
        gitlab:
          url: https://{Host}
          version: 19.4.4
          root_password: {"{"} gcp_secret: root-password {"}"}
          tls: {"{"} letsencrypt: {"{"} email: ops@example.com, directory: "{machine.Offered["acme"]!["directory"]}" {"}"} {"}"}
          service_account: duo-gitlab@my-project.iam.gserviceaccount.com
        mirrors:
          apt: http://mirror.lab.test:8080/debian
          gitlab_packages: https://mirror.lab.test:8446/ubuntu/
          gitlab_packages_key: https://mirror.lab.test:8446/gpgkey
          gitlab_packages_fingerprint: {machine.GitLabFingerprint}
          ca: |
        {LabSpec.Indented(machine.Ca + (string)machine.Offered["acme"]!["root"]!, 4)}
        """;
}
