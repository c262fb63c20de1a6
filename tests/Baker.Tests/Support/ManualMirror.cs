namespace Baker.Tests.Support;

/// <summary>The mirrors of models that docs/machine.md describes, word for word; what a test has elsewhere takes the place of the manual's examples.</summary>
public static class ManualMirror
{
    /// <summary>The server of the manual's nginx.</summary>
    /// <param name="folder">With <c>store</c>, the folder of models that an Ollama had.</param>
    public static string Server(string folder, string listen, string name, (string Certificate, string Key) tls) => Block("nginx")
        .Replace("listen 443 ssl;", $"listen {listen} ssl;", StringComparison.Ordinal)
        .Replace("models.example.internal", name, StringComparison.Ordinal)
        .Replace("/etc/nginx/models.pem", tls.Certificate, StringComparison.Ordinal).Replace("/etc/nginx/models.key", tls.Key, StringComparison.Ordinal)
        .Replace("/srv/models", folder + "/store", StringComparison.Ordinal);

    /// <summary>Around them: nginx in the foreground and as one process, so that it ends with the test; it reads what root has stored.</summary>
    public static string Nginx(string folder, params string[] servers) => $$"""
        daemon off; master_process off; user root; pid {{folder}}/pid; error_log {{folder}}/error.log;
        events { }
        http {
          access_log {{folder}}/access.log;
          client_body_temp_path {{folder}}/t1; proxy_temp_path {{folder}}/t2; fastcgi_temp_path {{folder}}/t3; uwsgi_temp_path {{folder}}/t4; scgi_temp_path {{folder}}/t5;
        {{string.Join('\n', servers)}}
        }
        """;

    /// <summary>A registry for containers, as its package has it but for the places. What it is asked, it says on its standard output.</summary>
    /// <param name="more">Keys of its section <c>http</c>.</param>
    public static string Registry(string folder, string listen, string more = "") => $$"""
        version: 0.1
        log: { level: error }
        storage: { filesystem: { rootdirectory: {{folder}}/registry } }
        http: { addr: "{{listen}}"{{more}} }
        """;

    /// <summary>The commands that bring a model to a registry.</summary>
    public static string Push(string folder, string registry) => Block("sh", "blobs/uploads")
        .Replace("~/.ollama/models", folder + "/store", StringComparison.Ordinal).Replace("https://registry.example.internal:5000", registry, StringComparison.Ordinal);

    private static string Block(string language, string with = "") =>
        ManualPage.Read("docs/machine.md").Fences().Single(f => f.Language == language && f.Text.Contains(with, StringComparison.Ordinal)).Text;
}
