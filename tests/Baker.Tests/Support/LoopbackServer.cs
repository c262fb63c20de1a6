using System.Net;
using System.Net.Sockets;

namespace Baker.Tests.Support;

/// <summary>A web server on the loopback device, for one test. It answers one request after the other.</summary>
public abstract class LoopbackServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    /// <param name="folder">What every address begins with: empty, or with a slash at its end.</param>
    protected LoopbackServer(string folder)
    {
        Address = new Uri($"http://127.0.0.1:{FreePort()}/{folder}");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Address { get; }

    /// <summary>A port that nobody has right now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        // Stopped first it would take its port once more to close, and somebody else may have that by then.
        _listener.Close();
        await _serving;
        GC.SuppressFinalize(this);
    }

    protected abstract Task AnswerAsync(HttpListenerContext context);

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                await AnswerAsync(await _listener.GetContextAsync());
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }
}
