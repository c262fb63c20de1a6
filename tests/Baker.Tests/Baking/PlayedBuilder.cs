using Baker.Clouds.Live.Local;
using Baker.Clouds.Live.Local.Qemu;
using Xunit;

namespace Baker.Tests.Baking;

/// <summary>A builder whose disk holds no system: the machine is a real one, and the test writes what a system on it would say to its console.</summary>
internal sealed class PlayedBuilder
{
    private readonly MachineFolder _folder;

    private PlayedBuilder(MachineFolder folder) => _folder = folder;

    /// <summary>What its script would know: only lines that name it count.</summary>
    public string Build => _folder.Record!.InstanceId;

    public MachineFolder Folder => _folder;

    /// <summary>Waits until a bake has started it and listens.</summary>
    public static async Task<PlayedBuilder> WaitAsync(DeskBench bench, string role, Task bake)
    {
        const string Hello = "hello of a builder";
        PlayedBuilder? builder = null;
        for (var tries = 0; tries < 1200; tries++)
        {
            var folder = Directory.Exists(bench.State) ? Directory.GetDirectories(bench.State, $"*-{role}-bake-*").SelectMany(s => new StackFolder(s).AllMachines).FirstOrDefault() : null;
            if (builder is null && folder?.Record is not null && new QemuProcess(folder, TimeProvider.System).Find() is not null)
            {
                builder = new PlayedBuilder(folder);
                builder.Says(Hello);
            }
            if (builder is not null && bench.Log(role).Contains(Hello, StringComparison.Ordinal))
                return builder;
            if (bake.IsCompleted)
                await bake;
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        throw new TimeoutException($"no builder for {role}");
    }

    public void Says(params string[] lines) => File.AppendAllText(_folder.At(MachineFolder.Console), string.Concat(lines.Select(l => $"\r\n{l}\r\n")));

    /// <summary>The whole of a bake that goes well.</summary>
    public async Task SucceedAsync()
    {
        Says($"BAKE {Build} upgrade", $"BAKE {Build} install", """BAKER {"role":"gateway","step":"gateway-image","state":"running","done":"43%","try":1}""", $"BAKE {Build} seal", $"BAKE {Build} sealed", "[  9.1] reboot: Power down");
        await EndAsync();
    }

    /// <summary>The machine is gone, however that came.</summary>
    public async Task EndAsync() => await new QemuProcess(_folder, TimeProvider.System).CutPowerAsync(CancellationToken.None);
}
