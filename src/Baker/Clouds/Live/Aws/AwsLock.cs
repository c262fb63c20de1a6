using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Baker.Clouds.Facts.Aws;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws;

/// <summary>A parameter that the store lets only one create. Its value says who holds the lock.</summary>
internal sealed class AwsLock(AwsBorder border, AwsSettling settling) : IStackLock
{
    private static string Path(StackOwner owner) => AwsNames.Lock(owner.Stack, owner.Id);

    public async Task<IAsyncDisposable> TakeAsync(StackOwner owner, string holder, CancellationToken cancel)
    {
        const string doing = "taking the stack's lock";
        // Told apart from somebody else's, also when the answer to the first try got lost.
        var value = $"{holder} ({AwsBorder.NewToken()[..8]})";
        try
        {
            await border.SendAsync(doing, c => border.Ssm.PutParameterAsync(new PutParameterRequest
            {
                Name = Path(owner),
                Value = value,
                Type = ParameterType.String,
                Description = "Held while baker works on this stack",
                Tags = [.. AwsTags.Of(owner, $"{owner.Stack}-lock").Select(t => new Tag { Key = t.Key, Value = t.Value })],
            }, c), cancel);
        }
        catch (CloudException e) when (e.Failure == CloudFailure.Taken)
        {
            var found = await HolderAsync(owner, cancel);
            if (found != value)
                throw new CloudException(CloudFailure.Locked, doing, $"{found ?? "somebody who has just let go"} holds it",
                    "--break-lock removes the lock of one that is gone");
        }
        return new Held(this, owner);
    }

    public async Task BreakAsync(StackOwner owner, CancellationToken cancel)
    {
        // What its holder made last may not be seen yet.
        if (await DeleteAsync(owner, cancel))
            await Task.Delay(AwsBorder.Settling, border.Time, cancel);
    }

    private async Task<string?> HolderAsync(StackOwner owner, CancellationToken cancel)
    {
        try
        {
            var found = await border.SendAsync("reading the stack's lock", c =>
                border.Ssm.GetParameterAsync(new GetParameterRequest { Name = Path(owner) }, c), cancel);
            return found.Parameter.Value;
        }
        catch (CloudException e) when (AwsErrors.IsNotFound(e))
        {
            return null;
        }
    }

    private async Task<bool> DeleteAsync(StackOwner owner, CancellationToken cancel)
    {
        try
        {
            await border.SendAsync("removing the stack's lock", c =>
                border.Ssm.DeleteParameterAsync(new DeleteParameterRequest { Name = Path(owner) }, c), cancel);
            return true;
        }
        catch (CloudException e) when (AwsErrors.IsNotFound(e))
        {
            return false;
        }
    }

    private sealed class Held(AwsLock taken, StackOwner owner) : IAsyncDisposable
    {
        /// <summary>Also after a cancelled launch: whoever comes next must find what this one made.</summary>
        public async ValueTask DisposeAsync()
        {
            try
            {
                await taken.SettleAsync(owner);
            }
            finally
            {
                await taken.DeleteAsync(owner, CancellationToken.None);
            }
        }
    }

    private Task SettleAsync(StackOwner owner) => settling.WaitAsync(owner, CancellationToken.None);
}
