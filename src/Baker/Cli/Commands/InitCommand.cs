using System.CommandLine;
using Baker.Clouds.Facts;
using Baker.Embedded;

namespace Baker.Cli.Commands;

/// <summary><c>baker init</c>: a commented spec to start from.</summary>
internal static class InitCommand
{
    public static Command Define(World world)
    {
        var file = new Argument<string>("file") { Description = "the file to write", DefaultValueFactory = _ => "baker.yaml" };
        var cloud = new Option<string>("--cloud") { Description = "where the stack will run", Required = true };
        cloud.AcceptOnlyFromAmong([.. CloudCatalog.All.Select(c => c.Key)]);
        var command = new Command("init", "Write a commented spec to start from; never overwrites.") { file, cloud };
        command.SetAction(parsed => Run(world, parsed.GetRequiredValue(file), parsed.GetRequiredValue(cloud)));
        return command;
    }

    private static int Run(World world, string file, string cloud)
    {
        try
        {
            using var stream = new FileStream(world.FullPath(file), FileMode.CreateNew);
            stream.Write(System.Text.Encoding.UTF8.GetBytes(EmbeddedFiles.Read($"init/{cloud}.yaml")));
        }
        catch (IOException) when (File.Exists(world.FullPath(file)))
        {
            throw new RefusedException(ExitCode.Usage, $"{file} exists and is left as it is; name another file");
        }
        world.Error.WriteLine($"wrote {file}");
        world.Error.WriteLine($"next: edit it, then `baker validate{(file == "baker.yaml" ? "" : $" {file}")}`; `baker schema > "
            + "baker.schema.json` gives editors completion");
        return ExitCode.Done;
    }
}
