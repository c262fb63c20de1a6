using System.Text.Json.Nodes;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>One machine for all tests of a class, which run one after the other: what they have in common takes longer than most of them.</summary>
/// <remarks>None of them may take another machine beside it: two such classes would wait for each other.</remarks>
public sealed class OneOllama : IAsyncLifetime
{
    private OllamaModels? _models;

    /// <summary>As if it had just been started: no model, no fault, the servers as they are without a word. Not before a test asks, which may then count as skipped.</summary>
    internal async Task<OllamaModels> FreshAsync()
    {
        if (_models is null)
            return _models = await OllamaModels.StartAsync();
        await _models.EmptyAsync();
        await _models.SpecAsync("");
        await _models.Machine.SetAsync(new() { ["registry"] = new JsonObject(), ["models"] = new JsonObject { ["library/mistral:instruct"] = "mistral" } });
        return _models;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _models?.DisposeAsync() ?? ValueTask.CompletedTask;
}
