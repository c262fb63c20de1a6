using System.CommandLine;
using Baker.Writing;

namespace Baker.Cli.Commands;

/// <summary><c>baker render</c>: every artifact of a stack, for review.</summary>
internal static class RenderCommand
{
    public static Command Define(World world)
    {
        var spec = SpecFile.Argument();
        var folder = new Option<string?>("--out") { Description = "the folder to write to (default: out/<name of the stack>)" };
        var check = new Option<bool>("--check") { Description = "write nothing; exit with 4 when a file differs" };
        var force = new Option<bool>("--force") { Description = "overwrite generated files that somebody has edited" };
        var command = new Command("render", "Write user-data, Packer templates, plan and review page.") { spec, folder, check, force };
        command.SetAction(parsed => Run(
            world, parsed.GetRequiredValue(spec), parsed.GetValue(folder), parsed.GetValue(check), parsed.GetValue(force)));
        return command;
    }

    private static int Run(World world, string path, string? folder, bool check, bool force)
    {
        if (!SpecFile.TryRead(world, path, out var file))
            return ExitCode.SpecWrong;
        if (folder?.Length == 0)
            throw new RefusedException(ExitCode.Usage, "--out is empty: name a folder, or leave it out");
        var shown = folder ?? OutFolder.Of(file.Plan!);
        var writer = folder is null ? OutFolder.Writer(world, file.Plan!) : new ArtifactWriter(world.FullPath(folder));
        var files = file.Artifacts!.Files;
        if (check)
            return Check(world, shown, writer.Differences(files));
        var outcome = writer.Write(files, force);
        if (outcome.Refusals.Count > 0)
            throw new RefusedException(ExitCode.Refused, string.Join("\n  ", outcome.Refusals.Prepend($"{shown} was left as it is:")));
        world.Error.WriteLine($"{shown}: {files.Length} files, {outcome.Changed} changed, {outcome.Removed} removed");
        world.Error.WriteLine($"next: read {shown}/README.md");
        return ExitCode.Done;
    }

    private static int Check(World world, string shown, IReadOnlyList<string> differences)
    {
        foreach (var difference in differences)
            world.Out.WriteLine(difference);
        world.Error.WriteLine(differences.Count == 0 ? $"{shown} is up to date"
            : $"{shown} differs from what the spec renders to; `baker render` writes it again");
        return differences.Count == 0 ? ExitCode.Done : ExitCode.Different;
    }
}
