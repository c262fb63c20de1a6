namespace Baker.Diagnostics;

/// <summary>
/// Collects everything there is to say about one spec, in the order of the file.
/// A place that already has an error gets no further ones from below it: one mistake, one report.
/// </summary>
public sealed class DiagnosticBag
{
    private readonly List<Diagnostic> _all = [];
    private readonly HashSet<SpecPath> _broken = [];

    /// <summary>Finds the line and column of a path; set once the file has been parsed.</summary>
    public Func<SpecPath, Spot?> Locate { get; set; } = static _ => null;

    /// <summary>Finds the key instead of its value; set once the file has been parsed.</summary>
    public Func<SpecPath, Spot?> LocateKey { get; set; } = static _ => null;

    public bool HasErrors => _all.Any(d => d.Message.Severity == Severity.Error);

    public IReadOnlyList<Diagnostic> InFileOrder =>
        [.. _all.OrderBy(d => d.Spot?.Line ?? 0).ThenBy(d => d.Spot?.Column ?? 0).ThenBy(d => d.Message.Code, StringComparer.Ordinal)];

    /// <summary>Reports a problem at a path, unless that path or one above it is already known to be wrong.</summary>
    public void Add(SpecPath path, Message message) => AddOnce(path, Locate(path), message);

    /// <summary>Reports that a key should not stand there, whatever its value is.</summary>
    public void AddAtKey(SpecPath path, Message message) => AddOnce(path, LocateKey(path) ?? Locate(path), message);

    /// <summary>Reports a problem at a place the caller knows; marks nothing as broken.</summary>
    public void AddAt(SpecPath path, Spot? spot, Message message) => _all.Add(new Diagnostic(message, path, spot));

    /// <summary>Says that nothing at or below a path can be judged, because an error stands there.</summary>
    public void MarkBroken(SpecPath path) => _broken.Add(path);

    /// <summary>True when the value at a path is unknown because an error stands there or above.</summary>
    public bool IsBroken(SpecPath path)
    {
        for (; path.Text.Length > 0; path = path.Parent)
        {
            if (_broken.Contains(path))
                return true;
        }
        return false;
    }

    /// <summary>
    /// True when something at, above or below a path is wrong: rules on the whole of it would judge half of what was written.
    /// </summary>
    public bool IsTouched(SpecPath path) => IsBroken(path) || _broken.Any(b => b.IsWithin(path));

    private void AddOnce(SpecPath path, Spot? spot, Message message)
    {
        if (IsBroken(path))
            return;
        AddAt(path, spot, message);
        if (message.Severity == Severity.Error)
            _broken.Add(path);
    }
}
