using System.Diagnostics;
using System.Text.Json.Nodes;
using Baker.Tests.Support;

namespace Baker.Tests.Lab;

/// <summary>The program that keeps a machine up: commands go in as lines of JSON, answers come out. Without us it ends, and the machine with it.</summary>
internal sealed class LabLine : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Process _process;
    private readonly Task<string> _error;
    private readonly SemaphoreSlim _turn = new(1);

    private LabLine(Process process) => (_process, _error) = (process, process.StandardError.ReadToEndAsync());

    public static async Task<(LabLine Line, JsonNode Said)> StartAsync(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("python3", [Checkout.PathOf("tests", "lab", "machine"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var line = new LabLine(Process.Start(start)!);
        try
        {
            return (line, await line.ReadAsync());
        }
        catch
        {
            await line.DisposeAsync();
            throw;
        }
    }

    public async Task<JsonNode> AskAsync(JsonObject command)
    {
        await _turn.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(command.ToJsonString());
            await _process.StandardInput.FlushAsync();
            var answer = await ReadAsync();
            return answer["error"] is { } error ? throw new InvalidOperationException($"{command["do"]}: {error}") : answer;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }
        _process.Dispose();
        _turn.Dispose();
    }

    private async Task<JsonNode> ReadAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        return await _process.StandardOutput.ReadLineAsync(limit.Token) is { } text
            ? JsonNode.Parse(text)!
            : throw new InvalidOperationException($"the machine has ended: {await _error}");
    }
}
