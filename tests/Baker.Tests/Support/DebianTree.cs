using System.Collections.Immutable;
using Xunit;

namespace Baker.Tests.Support;

/// <summary>A Debian 13 that <c>tests/tree</c> made: its programs judge by chroot what Baker writes for later systems.</summary>
public sealed class DebianTree
{
    private static readonly Lazy<Task<ToolRun>> Made = new(() =>
        (new Tool(Checkout.PathOf("tests", "tree")) { TimeLimit = TimeSpan.FromMinutes(20) }).RunAsync());

    private readonly string _path;

    private DebianTree(string path) => _path = path;

    /// <summary>The tree; where it cannot be had, the calling test counts as skipped.</summary>
    public static async Task<DebianTree> WantedAsync()
    {
        var run = await Made.Value;
        if (run.Code != 0)
            Assert.Skip($"there is no Debian 13 tree: {run.Error.Trim()}");
        return new DebianTree(run.Out.Trim());
    }

    public static async Task<DebianTree?> FindAsync() => await Made.Value is { Code: 0 } run ? new DebianTree(run.Out.Trim()) : null;

    /// <summary>A folder inside the tree, removed at its end.</summary>
    public TreeFolder Folder() => new(_path);

    public Task<ToolRun> RunAsync(params string[] command) => new Tool("/usr/sbin/chroot")
    {
        Environment = ImmutableDictionary.CreateRange([KeyValuePair.Create("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"), KeyValuePair.Create("LC_ALL", "C.UTF-8")]),
    }.RunAsync([_path, .. command]);
}
