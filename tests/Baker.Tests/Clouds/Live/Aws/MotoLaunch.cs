using System.Text.Json.Nodes;
using Baker.Tests.Judges;
using Baker.Tests.Support;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>The example's stack with tags of the user's own, launched once on moto for all tests that only look at it.</summary>
public sealed class MotoLaunch(MotoServer moto) : IDisposable
{
    public const string Region = "ap-northeast-1";

    private readonly MotoDesk _desk = new(moto, Region);
    private readonly SemaphoreSlim _turn = new(1);
    private MotoAccount? _after;

    internal byte[] UserData(string role) => _desk.UserData(role);

    internal MotoAccount Before { get; private set; } = null!;

    /// <summary>What Baker says that it makes.</summary>
    internal JsonNode Plan { get; private set; } = null!;

    /// <summary>The account after the launch.</summary>
    internal async Task<MotoAccount> LaunchedAsync()
    {
        await moto.WantedAsync();
        await _turn.WaitAsync();
        try
        {
            return _after ??= await LaunchAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _desk.Dispose();
        _turn.Dispose();
    }

    private async Task<MotoAccount> LaunchAsync()
    {
        _desk.Spec(Checkout.Read("examples", "aws.yaml") + "tags: { team: platform }\n");
        await moto.PutLicenceAsync(Region);
        Before = await MotoAccount.LookAsync(moto, Region);
        Plan = JsonNode.Parse((await _desk.RunAsync("plan", "--json")).Out)!;
        await _desk.DoneAsync("render");
        // moto's machines never boot: nobody waits for them.
        await _desk.DoneAsync("launch", "--yes", "--no-wait");
        return await MotoAccount.LookAsync(moto, Region);
    }
}
