using System.CommandLine;
using Baker.Clouds.Facts;
using Baker.Language.Shapes;
using Baker.Stack;

namespace Baker.Cli.Commands;

/// <summary><c>baker schema</c>: the JSON Schema of the spec, for editors.</summary>
internal static class SchemaCommand
{
    public static Command Define(World world)
    {
        var command = new Command("schema", "Print the JSON Schema of the spec, for editors.");
        command.SetAction(_ =>
        {
            world.Out.Write(JsonSchema.Write(SpecShape.Root, CloudCatalog.Secrets));
            return ExitCode.Done;
        });
        return command;
    }
}
