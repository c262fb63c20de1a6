using System.Globalization;
using System.Text;
using Baker.Clouds.Live;
using Baker.Launching;
using Baker.Tests.Support;
using CsCheck;
using Xunit;

namespace Baker.Tests.Launching;

/// <summary>Whatever a VM, or whoever has it, writes on a console: what is read is a line that the runner would write, or nothing.</summary>
public sealed class ConsoleFuzzTests
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .:,%/_-";

    private static readonly string[] Lines =
    [
        """BAKER {"role":"ollama","step":"models","state":"running","done":"43%","try":1,"boot":"5f0c","digest":"0a4ee4deaf03","at":"2026-11-24T02:00:00Z"}""",
        """BAKER {"role":"gitlab","step":"duo","state":"failed","reason":"duo","note":"last update 2026-11-28","try":3,"boot":"5f0c","digest":"0a4ee4deaf03","at":"2026-11-24T02:05:00Z"}""",
        """BAKER {"role":"gateway","step":"unused-images","state":"ready","try":1,"boot":"5f0c","digest":"0a4ee4deaf03","at":"2026-11-24T02:10:00Z"}""",
        "[    0.000000] Linux version 6.12", "cloud-init[512]: Cloud-init v. 25.1", "login: ", "",
    ];

    private static readonly Gen<string> Line = Gen.OneOf(
        Gen.OneOf(Lines),
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, int.MaxValue]).Select((line, seed) => Lines[line][..6] + new AnswerMutation(seed).Of(Lines[line][6..])),
        Gen.Select(Gen.OneOf(Lines), Gen.Int[0, int.MaxValue]).Select((line, seed) => new AnswerMutation(seed).Of(line)),
        Gen.Select(AwkwardText.Broken, Gen.OneOf(Lines)).Select((text, line) => text + line),
        Gen.Select(AwkwardText.Any, Gen.Int[1, 8]).Select((text, at) => $"BAKER {{\"role\":\"ollama\",\"step\":\"x\",\"state\":\"ready\",\"{Key(at)}\":\"{text}\",\"digest\":\"d\",\"at\":\"2026-11-24T02:00:00Z\"}}"));

    [Fact]
    public void What_is_read_from_a_console_is_what_the_runner_would_write() =>
        Gen.Select(Line.Array[0, 12], Gen.OneOf(["\n", "\r\n", "\r", "\n\n"])).Try(100_000, one =>
        {
            var text = string.Join(one.Item2, one.Item1);
            // As clouds hand it on, and as it came from bytes.
            foreach (var console in new[] { text, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) })
            {
                foreach (var line in ConsoleLine.In(console))
                {
                    Assert.Contains(line.State, (string[])["waiting", "running", "retrying", "rebooting", "failed", "ready"]);
                    Assert.All(new[] { line.Role, line.Step, line.Reason, line.Digest, line.Done, line.Note }.OfType<string>(), word => Assert.True(word.Length is > 0 and <= 512 && word.All(Letters.Contains), word));
                    var machine = new VirtualMachine("duo-ollama", "i-1", MachineState.Running, "a", "t", "10.77.1.30", null, "ami-1", null, DateTimeOffset.UnixEpoch);
                    var progress = MachineProgress.Of("duo-ollama", "ollama", machine, line, "0a4ee4deaf03", DateTimeOffset.UnixEpoch.AddYears(56));
                    Assert.True(!progress.IsReady || line is { State: "ready", Digest: "0a4ee4deaf03" });
                }
            }
        }, one => string.Create(CultureInfo.InvariantCulture, $"{string.Join(one.Item2, one.Item1)}"));

    private static string Key(int at) => ((string[])["role", "step", "state", "reason", "done", "note", "boot", "digest", "try"])[at];
}
