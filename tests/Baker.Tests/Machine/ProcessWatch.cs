using Baker.Tests.Lab;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>
/// Looks at all processes of a machine again and again, as <c>ps</c> would: no secret may be on a command line, nor in the environment of a program
/// that does not need it. GitLab takes its first password there, and what it starts inherits it.
/// </summary>
internal static class ProcessWatch
{
    private const string Script = """
        import os, time
        canaries = open("/root/canaries", "rb").read().split(b"\n")
        seen = set()
        def read(pid, name):
            with open(f"/proc/{pid}/{name}", "rb") as file:
                return file.read()
        def gitlabs(pid):
            while int(pid) > 1:
                if b"gitlab-" in read(pid, "cmdline"):
                    return True
                pid = read(pid, "stat").rsplit(b") ", 1)[1].split()[1]
            return False
        while True:
            for pid in filter(str.isdigit, os.listdir("/proc")):
                try:
                    command, environment = read(pid, "cmdline"), read(pid, "environ")
                    where = [name for name, data in (("command", command), ("environment", environment)) if any(c in data for c in canaries)]
                    if where and not (where == ["environment"] and gitlabs(pid)):
                        found = f"{where[0]}: {command.decode(errors='replace')}".replace("\0", " ")
                        if found not in seen:
                            seen.add(found)
                            with open("/root/seen", "a") as out:
                                print(found, file=out)
                except (OSError, ValueError):
                    continue
            time.sleep(0.002)
        """;

    public static async Task StartAsync(LabMachine machine, params string[] secrets)
    {
        (await machine.FeedAsync(string.Join('\n', secrets), "sh", "-c", "cat >/root/canaries; : >/root/seen")).Require();
        (await machine.FeedAsync(Script, "sh", "-c", "cat >/root/watch.py")).Require();
        (await machine.RunAsync("systemd-run", "-q", "--unit=watch", "python3", "/root/watch.py")).Require();
    }

    public static async Task NothingSeenAsync(LabMachine machine, string secret)
    {
        Assert.Equal("", machine.Read("/root/seen"));
        // That it sees what is there.
        (await machine.RunAsync("sh", "-c", "/usr/bin/sleep 0.5; :", "planted-" + secret)).Require();
        (await machine.RunAsync("env", "PLANTED=" + secret, "/usr/bin/sleep", "0.5")).Require();
        var seen = machine.Read("/root/seen");
        Assert.Contains($"command: sh -c /usr/bin/sleep 0.5; : planted-{secret}", seen, StringComparison.Ordinal);
        Assert.Contains("environment: /usr/bin/sleep 0.5", seen, StringComparison.Ordinal);
    }
}
