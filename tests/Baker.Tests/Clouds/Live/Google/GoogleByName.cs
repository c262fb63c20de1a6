using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>
/// Pretended Google under Google's own names, for programs that cannot be told another address: a proxy that lets itself be asked for *.googleapis.com, and
/// is that itself, by a certificate of its own.
/// </summary>
internal sealed class GoogleByName : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate = Certified();
    private readonly HttpClient _client = new();
    private readonly string _url;

    /// <param name="url">Where pretended Google is; ends with a slash.</param>
    public GoogleByName(string url)
    {
        _url = url;
        _listener.Start();
        _ = ServeAsync();
    }

    /// <summary>What HTTPS_PROXY is to be.</summary>
    public string Proxy => $"http://{_listener.LocalEndpoint}";

    /// <summary>Whom a client has to trust, as PEM.</summary>
    public string Authority => _certificate.ExportCertificatePem();

    public void Dispose()
    {
        _listener.Dispose();
        _certificate.Dispose();
        _client.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                _ = TunnelAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed: the test is over.
        }
    }

    private async Task TunnelAsync(TcpClient client)
    {
        using var connection = client;
        try
        {
            var plain = client.GetStream();
            var asked = await HeadAsync(plain);
            var isGoogle = asked is ["CONNECT", var to, ..] && to.EndsWith(".googleapis.com:443", StringComparison.Ordinal);
            await plain.WriteAsync(Encoding.ASCII.GetBytes(isGoogle ? "HTTP/1.1 200 OK\r\n\r\n" : "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));
            if (!isGoogle)
                return;
            await using var secure = new SslStream(plain);
            await secure.AuthenticateAsServerAsync(_certificate);
            while (await HeadAsync(secure) is { } head)
                await AnswerAsync(secure, head);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The client has gone.
        }
    }

    /// <param name="head">Method, path, version, then names and values of the headers by turns.</param>
    private async Task AnswerAsync(SslStream client, string[] head)
    {
        string? Header(string name) => Enumerable.Range(0, (head.Length - 3) / 2).Where(i => head[3 + i * 2].Equals(name, StringComparison.OrdinalIgnoreCase)).Select(i => head[4 + i * 2]).FirstOrDefault();

        var body = new byte[int.Parse(Header("Content-Length") ?? "0", CultureInfo.InvariantCulture)];
        await client.ReadExactlyAsync(body);
        using var request = new HttpRequestMessage(new HttpMethod(head[0]), _url + head[1].TrimStart('/'));
        if (body.Length > 0)
            request.Content = new StringContent(Mended(JsonNode.Parse(body))!.ToJsonString());
        if (Header("Authorization") is { } authorization)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var answer = await _client.SendAsync(request);
        var content = await answer.Content.ReadAsByteArrayAsync();
        await client.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {(int)answer.StatusCode} {answer.StatusCode}\r\nContent-Type: application/json\r\nContent-Length: {content.Length}\r\n\r\n"));
        await client.WriteAsync(content);
    }

    /// <summary>
    /// What Debian's Packer 1.6 does wrong and today's does not, so that Baker is not allowed it: as many empty entries of metadata as filled ones, and a link
    /// to a disk that lacks a part, since its client library is newer than it expects.
    /// </summary>
    private static JsonNode? Mended(JsonNode? node) => node switch
    {
        JsonArray list => new JsonArray([.. list.Where(e => e is not null).Select(Mended)]),
        JsonObject map => new JsonObject(map.Select(p => KeyValuePair.Create(p.Key, p.Key == "sourceDisk" ? p.Value!.ToString().Replace("/v1/my-project/", "/v1/projects/my-project/", StringComparison.Ordinal) : Mended(p.Value)))),
        _ => node?.DeepClone(),
    };

    /// <returns>Null: the client has nothing more to ask.</returns>
    private static async Task<string[]?> HeadAsync(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one) == 0)
                return null;
            head.Append((char)one[0]);
        }
        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        return [.. lines[0].Split(' '), .. lines.Skip(1).SelectMany(l => l.Split(": ", 2))];
    }

    private static X509Certificate2 Certified()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=pretended Google", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("*.googleapis.com");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
