using Baker.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(RenderedExamples))]

namespace Baker.Tests.Support;

/// <summary>Every example spec, rendered once for all tests that only look at the result.</summary>
public sealed class RenderedExamples : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public string FolderOf(string example) => Path.Combine(_folder.Path, example);

    /// <summary>The user-data of an example, as cloud-init reads it.</summary>
    public string[] UserData(string example) => Files(example, "cloud-init", "*.yaml");

    /// <summary>The user-data of builders that work by themselves; none for clouds where Packer makes the images.</summary>
    public string[] Builders(string example) => Files(example, "bake", "*.yaml");

    /// <summary>The Packer files of an example; none for clouds without a builder.</summary>
    public string[] Packer(string example) => Files(example, "packer", "*.pkr.hcl");

    public async ValueTask InitializeAsync()
    {
        foreach (var example in Checkout.Examples)
        {
            var run = await BakerRun.Async("render", $"examples/{example}.yaml", "--out", FolderOf(example));
            Assert.True(run.Code == 0, run.Error);
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private string[] Files(string example, string folder, string pattern)
    {
        var path = Path.Combine(FolderOf(example), folder);
        return Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, pattern).Order(StringComparer.Ordinal)] : [];
    }
}
