using Baker.Tests.Lab;
using Baker.Tests.Support;

namespace Baker.Tests.Machine;

/// <summary>A GitLab VM in the lab: the real user-data, GitLab's package from a stand-in (tests/lab/gitlab), a data disk, a certificate of its own.</summary>
internal sealed class GitLabVm : IAsyncDisposable
{
    public const string Host = "gitlab.desk.test";

    /// <summary>Whoever finds it in a file, a log or a command line has found a leak.</summary>
    public const string Password = "c4nary-of-the-first-person";

    private GitLabVm(LabMachine machine) => Machine = machine;

    public LabMachine Machine { get; }

    public required OwnCertificate Tls { get; init; }

    /// <param name="tls">A certificate for <see cref="Host"/>; one of an authority of its own when null.</param>
    /// <param name="hasSeed">A second disk, from which user-data can be read again.</param>
    public static async Task<GitLabVm> StartAsync(bool hasDisk = true, int speed = 3, OwnCertificate? tls = null, bool hasSeed = false)
    {
        var vm = new GitLabVm(await LabMachine.StartAsync(new() { Disks = ["200M" + (hasDisk ? ":by-id/virtio-data" : ""), .. hasSeed ? ["16M"] : Array.Empty<string>()], Addresses = ["10.77.1.10/24"], Speed = speed })) { Tls = tls ?? OwnCertificate.For(Host) };
        await vm.PutAsync("/root/password", Password + "\n");
        await vm.PutAsync("/root/tls.key", vm.Tls.Key);
        return vm;
    }

    /// <summary>A spec whose GitLab is this one.</summary>
    public string Spec(string more = "", string version = "19.4.4", string? fingerprint = null) => $"""
        version: 1
        name: desk
        evaluation: true
        cloud:
          local: {"{}"}
        gitlab:
          url: https://{Host}:9443
          version: {version}
          root_password: {"{"} vm_file: /root/password {"}"}
          tls:
            certificate:
              cert: |
        {Indented(Tls.Cert, 8)}
              ca: |
        {Indented(Tls.Ca, 8)}
              key: {"{"} vm_file: /root/tls.key {"}"}
        {more}
        mirrors:
          gitlab_packages: https://mirror.lab.test:8446/ubuntu/
          gitlab_packages_key: https://mirror.lab.test:8446/gpgkey
          gitlab_packages_fingerprint: {fingerprint ?? Machine.GitLabFingerprint}
          apt: http://mirror.lab.test:8080/debian
          ca: |
        {Indented(Machine.Ca, 4)}
        """;

    /// <summary>The first boot with that spec.</summary>
    public async Task BootAsync(string? spec = null) => await Machine.FirstBootAsync(await LabSpec.RenderAsync(spec ?? Spec(), "gitlab"));

    /// <summary>Puts the runner and its values there, and does not start it: for tests of single steps.</summary>
    public async Task PlaceAsync(string? spec = null)
    {
        await Machine.RunAsync("mkdir", "-p", "/etc/systemd/system/baker.service.d");
        await PutAsync("/etc/systemd/system/baker.service.d/never.conf", "[Unit]\nConditionPathExists=/never\n");
        await BootAsync(spec);
        (await Machine.RunAsync("mkdir", "-p", "/run/baker", "/var/lib/baker/steps")).Require();
    }

    /// <summary>One step, by hand, as the runner would run it.</summary>
    public Task<ToolRun> StepAsync(string name) => Machine.RunAsync("/usr/local/lib/baker/run", "step", name);

    /// <summary>The reason that a step just stopped for.</summary>
    public string Reason => Machine.Exists("/run/baker/reason") ? Machine.Read("/run/baker/reason").Trim() : "";

    public async Task PutAsync(string path, string content) =>
        (await Machine.FeedAsync(content, "sh", "-c", $"umask 077; cat >{path}")).Require();

    /// <summary>Ruby in GitLab's own environment; prints.</summary>
    public async Task<string> RubyAsync(string code) => (await Machine.RunAsync("gitlab-rails", "runner", code)).Require().Trim();

    /// <summary>A page of GitLab, by its own name and with its certificate checked.</summary>
    public Task<ToolRun> PageAsync(string path, string address = "127.0.0.1") => Machine.FeedAsync(Tls.Ca, "sh", "-c",
        $"cat >/tmp/ca.pem; exec curl -sS -w '\\n%{{http_code}}' --cacert /tmp/ca.pem --resolve {Host}:9443:{address} 'https://{Host}:9443{path}'");

    /// <summary>Files that hold the text, outside of where the test itself has put it.</summary>
    public async Task<string[]> FilesWithAsync(string text) =>
        [.. (await Machine.FeedAsync(text, "sh", "-c", "grep -rlaFf - / --exclude-dir=proc --exclude-dir=sys --exclude-dir=dev 2>/dev/null")).Out
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(p => !p.StartsWith("/root/", StringComparison.Ordinal))];

    public ValueTask DisposeAsync() => Machine.DisposeAsync();

    private static string Indented(string text, int by) => string.Join('\n', text.TrimEnd().Split('\n').Select(l => new string(' ', by) + l));
}
