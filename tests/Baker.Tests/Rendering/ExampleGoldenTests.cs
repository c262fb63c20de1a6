using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Rendering;

/// <summary>One folder per example with everything the tool says about it and makes of it.</summary>
public class ExampleGoldenTests
{
    public static TheoryData<string> Examples => [.. Checkout.Examples];

    [Theory, MemberData(nameof(Examples))]
    public async Task Everything_rendered_is_as_checked_in(string example)
    {
        using var folder = new TemporaryFolder();
        var run = await BakerRun.Async("render", $"examples/{example}.yaml", "--out", folder.Path);
        Assert.Equal(0, run.Code);
        // The scripts are checked in under templates/machine already; repeating them in every golden would bury the rest.
        var files = Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories)
            .Select(p => Path.GetRelativePath(folder.Path, p)).Where(IsMadeForTheStack).Order(StringComparer.Ordinal).ToArray();
        if (Golden.IsUpdating && Directory.Exists(Golden.Folder("examples", example)))
            Directory.Delete(Golden.Folder("examples", example), recursive: true);
        foreach (var file in files)
            Golden.Check(File.ReadAllText(Path.Combine(folder.Path, file)), "examples", example, file);
        Golden.Check(string.Concat(Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories)
            .Select(p => Path.GetRelativePath(folder.Path, p)).Order(StringComparer.Ordinal).Select(p => p + "\n")), "examples", example, "files.txt");
        Golden.Check((await BakerRun.Async("plan", $"examples/{example}.yaml")).Out, "examples", example, "plan.txt");
        Golden.Check((await BakerRun.Async("validate", $"examples/{example}.yaml")).Error, "examples", example, "report.txt");
    }

    private static bool IsMadeForTheStack(string path) =>
        path is "README.md" or "plan.json" || path.EndsWith(".hcl", StringComparison.Ordinal) || path.EndsWith("/values", StringComparison.Ordinal)
        || path == "cloud-init/gateway.yaml";
}
