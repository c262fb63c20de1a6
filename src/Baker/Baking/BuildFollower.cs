using System.Text.Json;

namespace Baker.Baking;

/// <summary>Makes of Packer's lines what people want to know of a build: the step it is at, and what was said last.</summary>
internal sealed class BuildFollower(string role)
{
    /// <summary>Enough to see what a script complained about.</summary>
    private const int Kept = 15;

    private readonly Queue<string> _last = new();

    public BakeProgress Progress { get; private set; } = new(role, "waiting", "", null, null);

    public IReadOnlyCollection<string> LastLines => _last;

    /// <summary>Takes one line of Packer's.</summary>
    /// <returns>What goes into the log; null: nothing for people.</returns>
    public string? Take(string line)
    {
        var parsed = PackerLine.Parse(line);
        if (parsed is { Kind: null })
            return null;
        var text = parsed?.Text ?? line;
        if (text.Length == 0)
            return null;
        if (parsed is { Kind: "say" } && !IsClosing(text))
            Progress = Progress with { Step = text.Split('\n')[0], Install = null };
        else if (InstallStep(text) is { } step)
            Progress = Progress with { Install = step };
        foreach (var each in text.Split('\n').Where(l => l.Trim().Length > 0))
        {
            _last.Enqueue(each);
            if (_last.Count > Kept)
                _last.Dequeue();
        }
        return text;
    }

    public void Enter(string state, string? image = null) => Progress = Progress with { State = state, Image = image, Install = state == "building" ? Progress.Install : null };

    // Cleaning up and the summary come after what failed and must not hide it.
    private bool IsClosing(string text) => Progress.State == "failed"
        || text.StartsWith("Build '", StringComparison.Ordinal) || text.StartsWith("Wait completed", StringComparison.Ordinal) || text.StartsWith("Builds finished", StringComparison.Ordinal)
        || text.StartsWith("Some builds", StringComparison.Ordinal) || text.StartsWith("Provisioning step had errors", StringComparison.Ordinal)
        || text.StartsWith("Terminating the source", StringComparison.Ordinal) || text.StartsWith("Cleaning up", StringComparison.Ordinal) || text.StartsWith("No volumes", StringComparison.Ordinal)
        || text.StartsWith("Deleting ", StringComparison.Ordinal) || text.StartsWith("Cleanly cancelled", StringComparison.Ordinal) || text.StartsWith("-->", StringComparison.Ordinal);

    /// <summary>The line that the machine's runner writes for each change.</summary>
    private static string? InstallStep(string text)
    {
        if (!text.StartsWith("{\"role\":", StringComparison.Ordinal))
            return null;
        try
        {
            using var line = JsonDocument.Parse(text);
            string? Of(string key) => line.RootElement.TryGetProperty(key, out var value) ? value.ToString() : null;
            return string.Join(' ', new[] { Of("step"), Of("state"), Of("done"), Of("reason") is { } why ? $"({why})" : null }.Where(p => !string.IsNullOrEmpty(p)));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
