namespace Baker.Diagnostics;

/// <summary>One sentence the tool can say about a spec. Built only by the <c>*Messages</c> files, one per topic.</summary>
/// <param name="Code">Stable identifier, <c>BKR</c> and three digits; listed in docs/diagnostics.md.</param>
/// <param name="Text">What is wrong with what was written.</param>
/// <param name="Hint">What to write instead; printed beside the caret.</param>
public sealed record Message(string Code, Severity Severity, string Text, string? Hint = null)
{
    /// <summary>
    /// An error for whoever makes something of the spec: what is there already can be looked at, stopped and removed with it.
    /// </summary>
    public bool OnlyWhenMade { get; init; }

    public static Message Error(string code, string text, string? hint = null) => new(code, Severity.Error, text, hint);

    public static Message Warning(string code, string text, string? hint = null) => new(code, Severity.Warning, text, hint);

    public static Message Note(string code, string text, string? hint = null) => new(code, Severity.Note, text, hint);
}
