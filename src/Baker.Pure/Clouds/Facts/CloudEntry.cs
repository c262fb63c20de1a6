namespace Baker.Clouds.Facts;

/// <summary>
/// A way into a VM that the cloud itself guards: who may take it is said by rights there, and no network of people's is let in.
/// </summary>
/// <param name="Key">The word under <c>ssh</c>.</param>
/// <param name="Title">Its name in a sentence.</param>
/// <param name="Range">From where the cloud comes to port 22; null: the VM itself calls the cloud.</param>
public sealed record CloudEntry(string Key, string Title, string? Range)
{
    /// <summary>The VM shows the cloud who it is.</summary>
    public bool NeedsIdentity => Range is null;
}
