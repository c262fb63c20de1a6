using Baker.Tests.Lab;

namespace Baker.Tests.Machine;

/// <summary>
/// What GitLab sees of a gateway, on GitLab's own machine: its health, and an answer to its check when the caller has a token of GitLab's. No answer
/// while there is a file <c>/tmp/no-model</c>.
/// </summary>
internal static class GatewayDouble
{
    private const string Script = """
        import base64, http.server, json, os, sys
        class Handler(http.server.BaseHTTPRequestHandler):
            def say(self, code, body):
                data = json.dumps(body).encode()
                self.send_response(code)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            def do_GET(self):
                self.say(200, {})
            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                parts = self.headers["Authorization"].removeprefix("Bearer ").split(".")
                if len(parts) != 3:
                    self.say(401, {"error": "Not enough segments"})
                elif json.loads(base64.urlsafe_b64decode(parts[0] + "=="))["alg"] != "RS256":
                    self.say(401, {"error": "alg"})
                elif os.path.exists("/tmp/no-model"):
                    self.say(421, {"detail": "404"})
                else:
                    self.say(200, {"model": asked["model_metadata"]["identifier"]})
        http.server.ThreadingHTTPServer((sys.argv[1], 5052), Handler).serve_forever()
        """;

    /// <summary>At the address that the values name.</summary>
    public static async Task StartAsync(LabMachine machine)
    {
        var address = machine.Read("/etc/baker/values").Split('\n').Single(l => l.StartsWith("gateway_url=", StringComparison.Ordinal)).Split('/')[2].Split(':')[0];
        (await machine.FeedAsync(Script, "sh", "-c", "cat >/root/gateway.py")).Require();
        (await machine.RunAsync("ip", "address", "replace", $"{address}/32", "dev", "lo")).Require();
        (await machine.RunAsync("systemd-run", "--unit=gateway-double", "python3", "/root/gateway.py", address)).Require();
    }
}
