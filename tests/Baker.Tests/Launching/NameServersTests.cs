using System.Net;
using System.Net.Sockets;
using Baker.Launching;
using Xunit;

namespace Baker.Tests.Launching;

/// <summary>A server of DNS is asked over the wire. Messages: RFC 1035, 4.1.</summary>
public sealed class NameServersTests
{
    private const byte NoError = 0, ServerFailure = 2, NoSuchName = 3;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData(NoError, "198.18.0.1"), InlineData(NoSuchName, ""), InlineData(ServerFailure, null)]
    public async Task What_it_has_is_told_from_nothing_and_from_no_answer(byte code, string? address)
    {
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var serving = ServeAsync(server, code, stop.Token);
        var seen = await new NameServers(((IPEndPoint)server.Client.LocalEndPoint!).Port).AskAsync("127.0.0.1", "gitlab.example.com", Cancel);
        Assert.Equal(address, seen is { } all ? string.Join(' ', all) : null);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
    }

    private static async Task ServeAsync(UdpClient server, byte code, CancellationToken cancel)
    {
        while (true)
        {
            var asked = await server.ReceiveAsync(cancel);
            // Header, then the question: a name that ends with an empty label, its type and its class.
            var end = Array.IndexOf(asked.Buffer, (byte)0, 12) + 5;
            byte[] answer = code == NoError ? [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 198, 18, 0, 1] : [];
            byte[] message = [.. asked.Buffer[..2], 0x84, code, 0, 1, 0, (byte)(answer.Length > 0 ? 1 : 0), 0, 0, 0, 0, .. asked.Buffer[12..end], .. answer];
            await server.SendAsync(message, asked.RemoteEndPoint, cancel);
        }
    }
}
