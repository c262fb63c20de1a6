using System.ComponentModel;
using System.Text.Json;
using Baker.Clouds.Live.Local.Qemu;

namespace Baker.Clouds.Live.Local;

/// <summary>The border of this cloud: what the system or QEMU refuses leaves as a <see cref="CloudException"/>.</summary>
internal static class Guarded
{
    public static async Task<T> RunAsync<T>(string doing, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception or JsonException or QmpException)
        {
            throw new CloudException(CloudFailure.Refused, doing, e.Message, inner: e);
        }
    }

    public static Task RunAsync(string doing, Func<Task> work) => RunAsync(doing, async () =>
    {
        await work();
        return true;
    });

    public static Task<T> RunAsync<T>(string doing, Func<T> work) => RunAsync(doing, () => Task.FromResult(work()));

    public static Task RunAsync(string doing, Action work) => RunAsync(doing, () =>
    {
        work();
        return Task.FromResult(true);
    });
}
