namespace Baker.Baking;

/// <summary>Who hears how far a bake is. Terminals, plain logs and programs each have their own.</summary>
public interface IBakeLog
{
    /// <summary>Something was done or decided: one line.</summary>
    /// <param name="subject">What it is about: a role, <c>packer</c>.</param>
    void Say(string subject, string text);

    /// <summary>How far the builds are. Called whenever something has changed.</summary>
    void Show(IReadOnlyList<BakeProgress> builds, TimeSpan elapsed);
}

/// <param name="State"><c>waiting</c>, <c>building</c>, <c>done</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Step">What is done for the image at present; empty before anything is.</param>
/// <param name="Install">What the machine's own steps say while they run, such as <c>models running 43%</c>; null: nothing.</param>
/// <param name="Image">The image that was made; null: none yet.</param>
public sealed record BakeProgress(string Role, string State, string Step, string? Install, string? Image)
{
    public static BakeProgress Waiting(string role) => new(role, "waiting", "", null, null);
}
