using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Rendering;

/// <summary>One folder per example with everything the tool says about it and makes of it, as <see cref="ExampleView"/> shows it.</summary>
public class ExampleGoldenTests(RenderedExamples examples)
{
    public static TheoryData<string> Examples => [.. Checkout.Examples];

    [Theory, MemberData(nameof(Examples))]
    public async Task Everything_rendered_is_as_checked_in(string example)
    {
        var folder = examples.FolderOf(example);
        var view = ExampleView.Of(folder, examples.FolderOf(ExampleView.Whole(File.ReadAllText(Path.Combine(folder, "plan.json")))));
        view.Add("plan.txt", ScriptWords.Of(folder).In((await BakerRun.Async("plan", $"examples/{example}.yaml")).Out));
        view.Add("report.txt", (await BakerRun.Async("validate", $"examples/{example}.yaml")).Error);
        if (Golden.IsUpdating && Directory.Exists(Golden.Folder("examples", example)))
            Directory.Delete(Golden.Folder("examples", example), recursive: true);
        foreach (var (name, text) in view)
            Golden.Check(text, "examples", example, name);
        Assert.Equal(view.Keys.Order(StringComparer.Ordinal), Golden.Names("examples", example));
    }
}
