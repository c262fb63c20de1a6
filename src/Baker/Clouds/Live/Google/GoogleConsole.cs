using System.Globalization;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>The first serial port, of which Compute Engine keeps the last mebibyte.</summary>
internal sealed class GoogleConsole(Compute compute) : IConsole
{
    public async Task<ConsoleText> ReadAsync(VirtualMachine machine, string? since, CancellationToken cancel)
    {
        var doing = $"reading the console of {machine.Name}";
        var path = string.Create(CultureInfo.InvariantCulture, $"{machine.Id}/serialPort?port=1&start={since ?? "0"}");
        var answer = await compute.GetAsync(path, GoogleJson.Default.SerialPortOutput, doing, cancel);
        // A machine that does not run yet has no console, one that starts anew may have forgotten the place.
        if (answer.Refusal is { Status: 400 or 404 } or { IsBusy: true })
            return new ConsoleText("", null);
        var read = answer.OrThrow(doing);
        return new ConsoleText(read.Contents ?? "", read.Next?.ToString(CultureInfo.InvariantCulture));
    }
}
