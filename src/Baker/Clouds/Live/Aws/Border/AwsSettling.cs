namespace Baker.Clouds.Live.Aws.Border;

/// <summary>Waits until the next launch would find what this one has made, by asking what that one would ask.</summary>
internal sealed class AwsSettling(AwsBorder border, AwsThings things)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    public async Task WaitAsync(StackOwner owner, CancellationToken cancel)
    {
        while (border.Unsettled() is { Count: > 0 } made)
        {
            if (made.IsSubsetOf(await SeenAsync(owner, cancel)))
                return;
            await Task.Delay(Poll, border.Time, cancel);
        }
    }

    /// <summary>Empty where nobody may look any more, as with credentials that have ended: then time alone decides.</summary>
    private async Task<IEnumerable<string>> SeenAsync(StackOwner owner, CancellationToken cancel)
    {
        try
        {
            return (await things.AllAsync(owner, cancel)).Select(t => t.Id);
        }
        catch (CloudException)
        {
            return [];
        }
    }
}
