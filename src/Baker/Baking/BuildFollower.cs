using System.Collections.Immutable;
using System.Text.Json;
using Baker.Clouds.Live;

namespace Baker.Baking;

/// <summary>What people want to know of one build: the step it is at, and what was said last. All of it goes into a log.</summary>
/// <param name="changed">Called when <see cref="Progress"/> has changed.</param>
internal sealed class BuildFollower(string role, TextWriter log, Action changed) : IBuildListener
{
    /// <summary>Enough to see what a script complained about.</summary>
    private const int Kept = 15;

    private readonly Queue<string> _last = new();

    public BakeProgress Progress { get; private set; } = BakeProgress.Waiting(role);

    public IReadOnlyCollection<string> LastLines => _last;

    public ImmutableArray<Resource> Temporary { get; private set; } = [];

    public void Begin(string step) => Change(Progress with { Step = step, Install = null });

    public void Keep(ImmutableArray<Resource> temporary) => Temporary = temporary;

    public void Hear(string text)
    {
        log.WriteLine(text);
        if (InstallStep(text) is { } step)
            Change(Progress with { Install = step });
        foreach (var each in text.Split('\n').Where(l => l.Trim().Length > 0))
        {
            _last.Enqueue(each);
            if (_last.Count > Kept)
                _last.Dequeue();
        }
    }

    public void Enter(string state, string? image = null) =>
        Change(Progress with { State = state, Image = image, Install = state == "building" ? Progress.Install : null });

    private void Change(BakeProgress progress)
    {
        if (progress == Progress)
            return;
        Progress = progress;
        changed();
    }

    /// <summary>
    /// The line that the machine's runner writes for each change: as it is to its output, with its mark before it to the console.
    /// </summary>
    private static string? InstallStep(string text)
    {
        const string Mark = "BAKER ", Start = "{\"role\":";
        var json = text.StartsWith(Mark, StringComparison.Ordinal) ? text[Mark.Length..] : text;
        if (!json.StartsWith(Start, StringComparison.Ordinal))
            return null;
        try
        {
            using var line = JsonDocument.Parse(json);
            string? Of(string key) => line.RootElement.TryGetProperty(key, out var value) ? value.ToString() : null;
            return string.Join(' ', new[] { Of("step"), Of("state"), Of("done"), Of("reason") is { } why ? $"({why})" : null }.Where(p =>
                !string.IsNullOrEmpty(p)));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
