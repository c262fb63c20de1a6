using System.CommandLine;
using Baker.Diagnostics;
using Baker.Language.Yaml;
using Baker.Planning;
using Baker.Rendering;
using Baker.Stack;

namespace Baker.Cli;

/// <summary>A spec on its way from the file to what a command needs, with everything there is to say about it.</summary>
public sealed class SpecFile
{
    private readonly DiagnosticBag _bag = new();
    private readonly bool _ofExisting;

    private SpecFile(World world, string path, bool ofExisting)
    {
        _ofExisting = ofExisting;
        var bytes = path != "-" ? ReadBytes(world, path) : world.Input is { } input ? ReadBytes(input())
            : System.Text.Encoding.UTF8.GetBytes(world.In.ReadToEnd());
        (Source, var spec) = SpecReader.Read(path == "-" ? "stdin" : path, bytes, _bag);
        if (spec is null)
            return;
        Spec = spec;
        Plan = Planner.Plan(spec);
        PlanRules.Check(Plan, _bag);
        // What was rendered from a wrong spec would only repeat its mistakes.
        if (!HasErrors)
            Artifacts = Renderer.Render(Plan, _bag);
    }

    public SourceText Source { get; }

    public IReadOnlyList<Diagnostic> Diagnostics => _bag.InFileOrder;

    public bool HasErrors => Diagnostics.Any(IsError);

    /// <summary>
    /// Null when too little of it could be read; with errors it serves to find more of them, and for what those ask about.
    /// </summary>
    public Spec? Spec { get; }

    public Plan? Plan { get; }

    public Artifacts? Artifacts { get; }

    /// <summary>What there is to make where a stack runs these versions: they stay, unless the spec says otherwise.</summary>
    public (Plan Plan, Artifacts Artifacts) With(RunningVersions running)
    {
        var plan = Planner.Plan(Spec!, running);
        return (plan, Renderer.Render(plan, _bag));
    }

    /// <summary>The positional argument that every command on a spec has.</summary>
    public static Argument<string> Argument() => new("spec")
    {
        Description = "the spec file, or - for standard input",
        DefaultValueFactory = _ => "baker.yaml",
    };

    /// <exception cref="RefusedException">There is no such file.</exception>
    public static SpecFile Read(World world, string path) => new(world, path, ofExisting: false);

    /// <summary>Reads a spec and reports on it.</summary>
    /// <param name="ofExisting">For commands on what is there already: advice on what to make would only be in the way.</param>
    /// <returns>False when the spec has errors; the command then ends with <see cref="ExitCode.SpecWrong"/>.</returns>
    public static bool TryRead(World world, string path, out SpecFile file, bool ofExisting = false)
    {
        file = new SpecFile(world, path, ofExisting);
        DiagnosticPrinter.Print(world.UseColor ? world.Terminal : world.Error, file.Source,
            [.. ofExisting ? file.Diagnostics.Where(file.IsError) : file.Diagnostics], world.UseColor);
        return !file.HasErrors;
    }

    private bool IsError(Diagnostic diagnostic) =>
        diagnostic.Message.Severity == Severity.Error && !(_ofExisting && diagnostic.Message.OnlyWhenMade);

    private static byte[] ReadBytes(World world, string path)
    {
        var full = world.FullPath(path);
        if (System.IO.Directory.Exists(full))
            throw new RefusedException(ExitCode.Usage, $"{path} is a folder, not a spec file");
        if (!File.Exists(full))
            throw new RefusedException(ExitCode.Usage, $"there is no file {path}; `baker init --cloud aws` writes one to start from");
        return ReadBytes(File.OpenRead(full));
    }

    // One byte beyond the limit is enough to know that the file is too large. The length is not asked for: a pipe has none.
    private static byte[] ReadBytes(Stream from)
    {
        using var stream = from;
        // Not cleared: a page of it that the file does not fill is then never touched.
        var bytes = GC.AllocateUninitializedArray<byte>(YamlReader.MostBytes + 1);
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }
}
