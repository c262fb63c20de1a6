using Baker.Planning;
using Baker.Writing;

namespace Baker.Cli;

/// <summary>Where a stack's artifacts are reviewed when nobody names another folder.</summary>
internal static class OutFolder
{
    /// <summary>As people read it, from the directory that Baker was started in.</summary>
    public static string Of(Plan plan) => $"out/{plan.Name}";

    /// <summary>A checkout can bring links along, so none is followed on the way from the directory that Baker was started in.</summary>
    public static ArtifactWriter Writer(World world, Plan plan) => new(world.FullPath(Of(plan)), world.Directory);
}
