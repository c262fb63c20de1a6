using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Baker.Tests.Verifying;

/// <param name="Line">Method and path.</param>
/// <param name="Head">All headers as sent.</param>
internal sealed record SiteRequest(string Line, string Head, string Body);

internal sealed record SiteReply(int Status, string Body = "", string Type = "application/json", string? Location = null, string? Challenge = null);

/// <summary>An HTTPS server on the loopback device. Who is asked what is the test's business; a connection carries one request.</summary>
internal sealed class LoopbackSite : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _talks = [];
    private readonly X509Certificate2? _certificate;
    private readonly Func<SiteRequest, Task<SiteReply>> _answer;
    private readonly Task _serving;

    /// <param name="certificate">Null: no TLS is spoken.</param>
    public LoopbackSite(X509Certificate2? certificate, Func<SiteRequest, Task<SiteReply>> answer)
    {
        (_certificate, _answer) = (certificate, answer);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _serving = ServeAsync();
    }

    public int Port { get; }

    public ConcurrentQueue<SiteRequest> Asked { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // First nobody accepts any more: a listener that is stopped in between two calls refuses the second.
        await _serving;
        _listener.Stop();
        await Task.WhenAll(_talks);
        _stop.Dispose();
        _certificate?.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                _talks.Add(TalkAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        try
        {
            using var _ = client;
            if (_certificate is null)
            {
                await client.GetStream().WriteAsync("SSH-2.0-OpenSSH_9.6\r\n"u8.ToArray(), _stop.Token);
                return;
            }
            await using var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
            if (await ReadAsync(tls) is not { } request)
                return;
            Asked.Enqueue(request);
            var reply = await _answer(request).WaitAsync(_stop.Token);
            var body = Encoding.UTF8.GetBytes(reply.Body);
            var head = string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {reply.Status} X\r\nContent-Type: {reply.Type}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n");
            await tls.WriteAsync(Encoding.ASCII.GetBytes($"{head}{(reply.Location is null ? "" : $"Location: {reply.Location}\r\n")}{(reply.Challenge is null ? "" : $"WWW-Authenticate: {reply.Challenge}\r\n")}\r\n"), _stop.Token);
            await tls.WriteAsync(body, _stop.Token);
            await tls.ShutdownAsync();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException or ObjectDisposedException)
        {
            // The other side hung up, or did not like the certificate.
        }
    }

    private async Task<SiteRequest?> ReadAsync(SslStream tls)
    {
        var bytes = new List<byte>();
        var one = new byte[4096];
        while (true)
        {
            var count = await tls.ReadAsync(one, _stop.Token);
            if (count == 0)
                return null;
            bytes.AddRange(one.AsSpan(0, count));
            var text = Encoding.UTF8.GetString([.. bytes]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
                continue;
            var head = text[..end];
            var length = head.Split("\r\n").Where(h => h.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Select(h => int.Parse(h.Split(':')[1], CultureInfo.InvariantCulture)).FirstOrDefault();
            var body = text[(end + 4)..];
            if (Encoding.UTF8.GetByteCount(body) >= length)
                return new SiteRequest(string.Join(' ', head.Split("\r\n")[0].Split(' ')[..2]), head, body);
        }
    }
}
