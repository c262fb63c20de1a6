using Baker.Tests.Lab;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>What an online licence asks of GitLab's maker: tried from the GitLab VM, over TLS, by HTTP/2 where that is needed, and never in the way for long.</summary>
public class GitLabVendorTests
{
    private const string Hosts = "/etc/hosts";

    // GitLab's maker on the machine itself. Its authority is trusted there; the word for a host is what it lacks.
    private const string Maker = """
        set -e
        mkdir -p /srv/maker && cd /srv/maker
        names='customers.gitlab.com cloud.gitlab.com duo-workflow-svc.runway.gitlab.net'
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout key -out cert -subj /CN=maker \
            -addext "subjectAltName=$(printf 'DNS:%s,' $names | sed 's/,$//')" 2>/dev/null
        cp cert /usr/local/share/ca-certificates/maker.crt && update-ca-certificates >/dev/null 2>&1
        cat >nginx.conf <<'END'
        pid /srv/maker/pid;
        error_log /srv/maker/error;
        events {}
        http {
            access_log off;
            ssl_certificate cert;
            ssl_certificate_key key;
            server { listen 127.0.0.2:443 ssl; http2 on; return 404; }
            server { listen 127.0.0.3:443 ssl; return 404; }
        }
        END
        /usr/sbin/nginx -c /srv/maker/nginx.conf
        """;

    [Fact]
    public async Task Each_host_that_is_not_reached_is_named_and_holds_nobody_up()
    {
        await using var vm = await GitLabVm.StartAsync();
        var machine = vm.Machine;
        await vm.PutAsync("/root/code", "an activation code of some length");
        await vm.PlaceAsync(vm.Spec("  license: { activation_code: { vm_file: /root/code } }\n"));
        Assert.Contains("vendor_hosts='customers.gitlab.com cloud.gitlab.com duo-workflow-svc.runway.gitlab.net/h2'", machine.Read("/etc/baker/values").Replace("\"", "'", StringComparison.Ordinal), StringComparison.Ordinal);

        // No name leads anywhere: it ends by itself, and says so.
        (await vm.StepAsync("vendor")).Require();
        Assert.Equal("not reached: customers.gitlab.com cloud.gitlab.com duo-workflow-svc.runway.gitlab.net/h2", machine.Read("/run/baker/notes/vendor").Trim());
        Assert.Equal(["waiting", "network", "not reached: customers.gitlab.com cloud.gitlab.com duo-workflow-svc.runway.gitlab.net/h2"], machine.Read("/run/baker/now").TrimEnd().Split('\n'));

        (await machine.FeedAsync(Maker, "bash")).Require();
        await NamedAsync(machine, "127.0.0.2", "127.0.0.2", "127.0.0.2");
        (await vm.StepAsync("vendor")).Require();
        Assert.False(machine.Exists("/run/baker/notes/vendor"), (await machine.RunAsync("cat", "/run/baker/notes/vendor")).Out);

        // It answers, and no HTTP/2 comes through.
        await NamedAsync(machine, "127.0.0.2", "127.0.0.2", "127.0.0.3");
        (await vm.StepAsync("vendor")).Require();
        Assert.Equal("not reached: duo-workflow-svc.runway.gitlab.net/h2", machine.Read("/run/baker/notes/vendor").Trim());

        // Nobody listens there.
        await NamedAsync(machine, "127.0.0.2", "127.0.0.4", "127.0.0.2");
        (await vm.StepAsync("vendor")).Require();
        Assert.Equal("not reached: cloud.gitlab.com", machine.Read("/run/baker/notes/vendor").Trim());
    }

    /// <summary>The names lead somewhere, as GitLab needs it, and nobody is there: the way is a proxy's alone.</summary>
    [Fact]
    public async Task A_proxy_is_the_way_to_them_and_what_it_refuses_is_said_as_its_word()
    {
        await using var vm = await GitLabVm.StartAsync();
        var machine = vm.Machine;
        await vm.PutAsync("/root/code", "an activation code of some length");
        await vm.PlaceAsync(vm.Spec("  license: { activation_code: { vm_file: /root/code } }\n") + $"\n  proxy: http://{Proxy}:3128\n");
        (await machine.FeedAsync(Maker, "bash")).Require();
        await NamedAsync(machine, "127.0.0.4", "127.0.0.4", "127.0.0.4");
        (await machine.RunAsync("sh", "-c", $"echo 127.0.0.5 {Proxy} >>{Hosts}")).Require();
        await vm.PutAsync("/root/proxy.py", ProxyProgram);

        await ProxyAsync(machine, 200);
        (await vm.StepAsync("vendor")).Require();
        Assert.False(machine.Exists("/run/baker/notes/vendor"), (await machine.RunAsync("cat", "/run/baker/notes/vendor")).Out);
        Assert.False(machine.Exists("/run/baker/now"));
        Assert.Equal(["cloud.gitlab.com:443", "customers.gitlab.com:443", "duo-workflow-svc.runway.gitlab.net:443"], machine.Read("/root/asked").TrimEnd().Split('\n').Order());

        foreach (var (code, reason) in new[] { (407, "http-407"), (403, "http-403"), (503, "network") })
        {
            await ProxyAsync(machine, code);
            (await machine.RunAsync("rm", "-f", "/run/baker/notes/vendor")).Require();
            (await vm.StepAsync("vendor")).Require();
            var said = $"not reached: customers.gitlab.com cloud.gitlab.com duo-workflow-svc.runway.gitlab.net/h2: the proxy answers {code}";
            Assert.Equal(["waiting", reason, said], machine.Read("/run/baker/now").TrimEnd().Split('\n'));
            Assert.Equal(said, machine.Read("/run/baker/notes/vendor").Trim());
        }

        // Nobody is the proxy.
        (await machine.RunAsync("systemctl", "stop", "proxy")).Require();
        (await machine.RunAsync("rm", "/run/baker/notes/vendor")).Require();
        (await vm.StepAsync("vendor")).Require();
        Assert.Equal(["waiting", "network", "not reached: customers.gitlab.com cloud.gitlab.com duo-workflow-svc.runway.gitlab.net/h2"], machine.Read("/run/baker/now").TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  license: { file: { vm_file: /root/licence } }\n")]
    public async Task Nobody_is_asked_without_an_online_licence(string license)
    {
        await using var vm = await GitLabVm.StartAsync();
        await vm.PlaceAsync(vm.Spec(license));
        (await vm.StepAsync("vendor")).Require();

        Assert.False(vm.Machine.Exists("/run/baker/notes/vendor"));
        Assert.False(vm.Machine.Exists("/run/baker/now"));
    }

    private const string Proxy = "proxy.desk.test";

    // CONNECT (RFC 9110, 9.3.6): what comes after it is the host's and is carried as it is. Names and its way to them are its own affair.
    private const string ProxyProgram = """
        import socket, sys, threading
        code = int(sys.argv[1])
        def carry(source, sink):
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        def serve(client):
            head = b''
            while b'\r\n\r\n' not in head:
                head += client.recv(4096)
            method, host, _ = head.split(b'\r\n')[0].decode().split(' ')
            assert method == 'CONNECT', method
            with open('/root/asked', 'a') as asked:
                print(host, file=asked)
            if code != 200:
                client.sendall(b'HTTP/1.1 %d No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n' % code)
                return client.close()
            there = socket.create_connection(('127.0.0.2', 443))
            client.sendall(b'HTTP/1.1 200 Connection established\r\n\r\n')
            threading.Thread(target=carry, args=(there, client), daemon=True).start()
            carry(client, there)
        listener = socket.create_server(('127.0.0.5', 3128))
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
        """;

    private static async Task ProxyAsync(LabMachine machine, int code) => (await machine.RunAsync("sh", "-c",
        $"systemctl stop proxy 2>/dev/null; systemctl reset-failed proxy 2>/dev/null; rm -f /root/asked; systemd-run -q --unit=proxy python3 /root/proxy.py {code}; " +
        "for i in $(/usr/bin/seq 50); do ss -lnt | grep -q 127.0.0.5:3128 && exit; /usr/bin/sleep 0.2; done; exit 1")).Require();

    private static async Task NamedAsync(LabMachine machine, params string[] addresses) =>
        (await machine.RunAsync("bash", "-c", $"grep -v gitlab.com {Hosts} | grep -v gitlab.net >/tmp/hosts; printf '%s customers.gitlab.com\\n%s cloud.gitlab.com\\n%s duo-workflow-svc.runway.gitlab.net\\n' {string.Join(' ', addresses)} >>/tmp/hosts; cat /tmp/hosts >{Hosts}")).Require();
}
