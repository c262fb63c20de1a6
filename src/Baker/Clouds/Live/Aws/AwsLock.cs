using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Baker.Clouds.Facts.Aws;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Secrets;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws;

/// <summary>A parameter that the store lets only one create. Its value says who holds the lock.</summary>
internal sealed class AwsLock(AwsBorder border, AwsParameters parameters, AwsSettling settling) : IStackLock
{
    private const string GivingBack = "giving the stack's lock back";

    private static string Path(StackOwner owner) => AwsNames.Lock(owner.Stack, owner.Id);

    public async Task<IAsyncDisposable> TakeAsync(StackOwner owner, string holder, CancellationToken cancel)
    {
        const string doing = "taking the stack's lock";
        // Told apart from somebody else's, also when the answer to the first try got lost.
        var value = $"{holder} ({AwsBorder.NewToken()[..8]})";
        var found = await parameters.CreateAsync(doing, new PutParameterRequest
        {
            Name = Path(owner),
            Value = value,
            Type = ParameterType.String,
            Description = "Held while baker works on this stack",
            Tags = [.. AwsTags.Of(owner, $"{owner.Stack}-lock").Select(t => new Tag { Key = t.Key, Value = t.Value })],
        }, cancel);
        return found is null || found == value ? new Held(this, owner, value)
            : throw new CloudException(CloudFailure.Locked, doing, $"{found} holds it",
                "--break-lock removes the lock of one that is gone");
    }

    public async Task BreakAsync(StackOwner owner, CancellationToken cancel)
    {
        // By the time its name can be taken again, what its holder made last is seen.
        if (await parameters.ValueAsync(Path(owner), cancel) is { } holder
            && await parameters.DeleteAsync("removing the stack's lock", Path(owner), cancel))
            border.Say($"removed the lock of {holder}");
    }

    public async Task<Resource?> FindAsync(StackOwner owner, CancellationToken cancel) =>
        await parameters.ValueAsync(Path(owner), cancel) is { } holder ? Resource.Lock(owner, Path(owner), holder) : null;

    /// <summary>
    /// One that was broken, and that somebody else has taken since, is theirs. Whoever breaks it waits longer, before they take it, than
    /// lies between these two requests.
    /// </summary>
    private async Task GiveBackAsync(StackOwner owner, string value)
    {
        try
        {
            await settling.WaitAsync(owner, CancellationToken.None);
            if (await parameters.ValueAsync(Path(owner), CancellationToken.None) == value)
                await parameters.DeleteAsync(GivingBack, Path(owner), CancellationToken.None);
        }
        catch (CloudException e)
        {
            // What happened while it was held is what the command ends with.
            border.Say($"{GivingBack}: {e.Message}\n  the next run needs --break-lock");
        }
    }

    private sealed class Held(AwsLock taken, StackOwner owner, string value) : IAsyncDisposable
    {
        /// <summary>Also after a cancelled launch: whoever comes next must find what this one made.</summary>
        public async ValueTask DisposeAsync() => await taken.GiveBackAsync(owner, value);
    }
}
