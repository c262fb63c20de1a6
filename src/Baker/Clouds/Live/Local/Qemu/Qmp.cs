using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Baker.Clouds.Live.Local.Qemu;

/// <summary>
/// QEMU's machine protocol: one line of JSON each way. QEMU talks to one client at a time, so a connection is kept short.
/// </summary>
internal sealed class Qmp : IAsyncDisposable
{
    /// <summary>For a connection or an answer, so that a QEMU that hangs never holds anybody up.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Stream _stream;
    private readonly StreamReader _reader;

    private Qmp(Stream stream)
    {
        _stream = stream;
        _reader = new StreamReader(stream);
    }

    /// <param name="socket">Path; at most 107 bytes, as the system has it.</param>
    /// <exception cref="QmpException">Nobody answers, or not in time.</exception>
    public static async Task<Qmp> ConnectAsync(string socket, CancellationToken cancel)
    {
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await WithinLimitAsync(limit => client.ConnectAsync(new UnixDomainSocketEndPoint(socket), limit).AsTask(), cancel);
        }
        catch
        {
            client.Dispose();
            throw;
        }
        return await OpenAsync(new NetworkStream(client, ownsSocket: true), cancel);
    }

    /// <summary>Begins the conversation on a stream that is connected.</summary>
    public static async Task<Qmp> OpenAsync(Stream stream, CancellationToken cancel)
    {
        var qmp = new Qmp(stream);
        try
        {
            await WithinLimitAsync(qmp.ReadAsync, cancel);
            await qmp.ExecuteAsync("qmp_capabilities", null, cancel);
            return qmp;
        }
        catch
        {
            await qmp.DisposeAsync();
            throw;
        }
    }

    /// <returns>What the command returned.</returns>
    /// <exception cref="QmpException">QEMU refused, hung up, or did not answer in time.</exception>
    public Task<JsonElement> ExecuteAsync(string command, JsonObject? arguments, CancellationToken cancel) =>
        WithinLimitAsync(async limit =>
    {
        var message = new JsonObject { ["execute"] = command };
        if (arguments is not null)
            message["arguments"] = arguments;
        await _stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(message.ToJsonString() + "\n"), limit);
        await _stream.FlushAsync(limit);
        while (true)
        {
            var answer = await ReadAsync(limit);
            if (answer.TryGetProperty("return", out var value))
                return value;
            if (answer.TryGetProperty("error", out var error))
                throw new QmpException(error.GetProperty("desc").GetString() ?? command);
            // An event: nobody here waits for one.
        }
    }, cancel);

    /// <summary>QEMU's word for how the machine is: <c>running</c>, <c>paused</c>, <c>internal-error</c>…</summary>
    public async Task<string> StatusAsync(CancellationToken cancel) =>
        (await ExecuteAsync("query-status", null, cancel)).GetProperty("status").GetString() ?? "";

    public async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        await _stream.DisposeAsync();
    }

    private async Task<JsonElement> ReadAsync(CancellationToken cancel)
    {
        var line = await _reader.ReadLineAsync(cancel) ?? throw new QmpException("QEMU hung up");
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }

    private static Task<bool> WithinLimitAsync(Func<CancellationToken, Task> work, CancellationToken cancel) =>
        WithinLimitAsync(async limit =>
    {
        await work(limit);
        return true;
    }, cancel);

    private static async Task<T> WithinLimitAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        try
        {
            return await work(limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new QmpException($"QEMU did not answer within {Limit.TotalSeconds} s");
        }
        catch (Exception e) when (e is IOException or SocketException or JsonException)
        {
            throw new QmpException(e.Message);
        }
    }
}

/// <summary>QEMU refused, or does not answer.</summary>
internal sealed class QmpException(string answer) : Exception(answer);
