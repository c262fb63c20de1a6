using System.Collections.Concurrent;
using Amazon.SimpleSystemsManagement.Model;
using Baker.Clouds.Live.Aws.Border;

namespace Baker.Clouds.Live.Aws.Secrets;

/// <summary>Parameters of SSM's store by their names. A name that was deleted can be taken again only some time later.</summary>
internal sealed class AwsParameters(AwsBorder border)
{
    /// <summary>"Wait for at least 30 seconds": Systems Manager API reference, DeleteParameter and DeleteParameters.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _deleted = new();

    /// <summary>Makes a parameter of a name that is free. One that was deleted a moment ago is waited for.</summary>
    /// <returns>The value of the parameter that has the name already; null: it was made.</returns>
    /// <exception cref="CloudException">The name stays taken, and there is no parameter of it.</exception>
    public async Task<string?> CreateAsync(string doing, PutParameterRequest request, CancellationToken cancel)
    {
        var name = request.Name;
        var began = border.Time.GetTimestamp();
        if (_deleted.TryGetValue(name, out var at) && at + Rest - border.Time.GetUtcNow() is var rest && rest > TimeSpan.Zero)
        {
            SayWait(name);
            await Task.Delay(rest, border.Time, cancel);
        }
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                await border.SendAsync(doing, c => border.Ssm.PutParameterAsync(request, c), cancel);
                return null;
            }
            catch (CloudException e) when (e.Failure == CloudFailure.Taken)
            {
                if (await ValueAsync(name, cancel) is { } value)
                    return value;
                if (border.Time.GetElapsedTime(began) > 2 * Rest)
                    throw new CloudException(CloudFailure.Taken, doing,
                        $"the name {name} is still taken {2 * Rest.TotalSeconds:0} seconds after its parameter went", "run it again", e);
            }
            if (isFirst)
                SayWait(name);
            await Task.Delay(Pause, border.Time, cancel);
        }
    }

    /// <returns>Null: there is no such parameter.</returns>
    public async Task<string?> ValueAsync(string name, CancellationToken cancel) => (await FindAsync(name, cancel))?.Value;

    /// <summary>Without decryption: nobody needs a secret's value here, and reading it takes no right to its key.</summary>
    /// <returns>Null: there is no such parameter.</returns>
    public async Task<Parameter?> FindAsync(string name, CancellationToken cancel)
    {
        try
        {
            return (await border.SendAsync($"looking for the parameter {name}", c =>
                border.Ssm.GetParameterAsync(new GetParameterRequest { Name = name, WithDecryption = false }, c), cancel)).Parameter;
        }
        catch (CloudException e) when (AwsErrors.IsNotFound(e))
        {
            return null;
        }
    }

    /// <returns>False: there was none.</returns>
    public async Task<bool> DeleteAsync(string doing, string name, CancellationToken cancel)
    {
        try
        {
            await border.SendAsync(doing, c => border.Ssm.DeleteParameterAsync(new DeleteParameterRequest { Name = name }, c), cancel);
            return true;
        }
        catch (CloudException e) when (AwsErrors.IsNotFound(e))
        {
            return false;
        }
        finally
        {
            Forget(name);
        }
    }

    /// <summary>Those that are not there are no error.</summary>
    public async Task DeleteAsync(string doing, string[] names, CancellationToken cancel)
    {
        await border.SendAsync(doing, c =>
            border.Ssm.DeleteParametersAsync(new DeleteParametersRequest { Names = [.. names] }, c), cancel);
        foreach (var name in names)
            Forget(name);
    }

    /// <summary>An answer may get lost: what was asked for counts as done.</summary>
    private void Forget(string name) => _deleted[name] = border.Time.GetUtcNow();

    private void SayWait(string name) =>
        border.Say($"{name} was deleted a moment ago: AWS gives the name again after {Rest.TotalSeconds:0} seconds; waiting");
}
