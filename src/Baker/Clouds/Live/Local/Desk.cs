namespace Baker.Clouds.Live.Local;

/// <summary>This machine: where Baker may keep things on it, and which programs it has.</summary>
internal sealed class Desk(Surroundings surroundings)
{
    public Surroundings Surroundings => surroundings;

    public TimeProvider Time => surroundings.Time;

    /// <summary>One folder per stack, and its lock beside it.</summary>
    public string State => Path.Combine(Home("XDG_STATE_HOME", ".local/state"), "baker");

    /// <summary>Images that were fetched; may be removed while no machine was made from them.</summary>
    public string Images => Path.Combine(Home("XDG_CACHE_HOME", ".cache"), "baker", "images");

    /// <summary>Images that were baked, one folder each.</summary>
    public string BakedImages => Path.Combine(State, "images");

    /// <summary>Of every stack here, and of every build.</summary>
    public IEnumerable<StackFolder> AllStacks =>
        Directory.Exists(State) ? Directory.EnumerateDirectories(State).Select(p => new StackFolder(p)) : [];

    public StackFolder Folder(StackOwner owner) => new(Path.Combine(State, $"{owner.Stack}-{owner.Id}"));

    public string? Find(string program) =>
        (surroundings.Variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathRooted).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <exception cref="CloudException">The program is not installed.</exception>
    public string Require(DeskProgram program) =>
        Find(program.Name) ?? throw new CloudException(CloudFailure.Refused, "running a stack on this machine", program.Missing);

    // The XDG specification asks to ignore relative paths.
    private string Home(string variable, string below)
    {
        if (surroundings.Variable(variable) is { } own && Path.IsPathRooted(own))
            return own;
        var home = surroundings.Variable("HOME");
        return !string.IsNullOrEmpty(home) ? Path.Combine(home, below)
            : throw new CloudException(CloudFailure.Refused, "finding a place for the stack's files",
                $"neither {variable} nor HOME is set");
    }
}
