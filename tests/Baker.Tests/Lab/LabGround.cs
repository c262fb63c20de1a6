using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Lab;

/// <summary>What all machines stand on: the tree and the packages, made once; and how many may run at a time.</summary>
public static class LabGround
{
    private static readonly Lazy<Task<(string Tree, string Apt, string Complaint)>> Made = new(FindAsync);

    /// <summary>Machines are small but busy; more than processors would only wait for each other.</summary>
    public static SemaphoreSlim Places { get; } = new(Math.Max(1, Environment.ProcessorCount));

    /// <summary>Tree and packages; where they cannot be had, the calling test counts as skipped.</summary>
    public static async Task<(string Tree, string Apt)> WantedAsync()
    {
        var (tree, apt, complaint) = await Made.Value;
        if (complaint.Length > 0)
            Assert.Skip($"there is no lab: {complaint}");
        return (tree, apt);
    }

    private static async Task<(string Tree, string Apt, string Complaint)> FindAsync()
    {
        foreach (var name in new[] { "unshare", "nsenter", "ip", "openssl", "zstd", "python3", "mke2fs" })
            if (Tool.Find(name) is null)
                return ("", "", $"{name} is not here");
        var tree = await new Tool(Checkout.PathOf("tests", "tree")) { TimeLimit = TimeSpan.FromMinutes(20) }.RunAsync();
        if (tree.Code != 0)
            return ("", "", tree.Error.Trim());
        var apt = await new Tool(Checkout.PathOf("tests", "lab", "packages")) { TimeLimit = TimeSpan.FromMinutes(10) }.RunAsync();
        return apt.Code == 0 ? (tree.Out.Trim(), apt.Out.Trim(), "") : ("", "", apt.Error.Trim());
    }
}
