using System.Collections.Concurrent;
using System.Text;
using Amazon.EC2.Model;
using Baker.Clouds.Facts.Aws;
using Baker.Clouds.Live.Aws.Border;

namespace Baker.Clouds.Live.Aws.Machines;

/// <summary>Serial consoles: the last 64 KB, live on Nitro machines, minutes old on the older ones.</summary>
internal sealed class AwsConsole(AwsBorder border) : IConsole
{
    private readonly ConcurrentDictionary<string, bool> _buffered = new();

    /// <summary>EC2 has no place to go on from: every answer is the whole of what it keeps.</summary>
    public async Task<ConsoleText> ReadAsync(VirtualMachine machine, string? since, CancellationToken cancel)
    {
        var live = AwsMachines.Find(machine.Type)?.LiveConsole != false && !_buffered.ContainsKey(machine.Type);
        GetConsoleOutputResponse answer;
        try
        {
            answer = await AskAsync(machine, live, cancel);
        }
        catch (CloudException e) when (live && AwsErrors.Code(e) is "UnsupportedOperation" or "InvalidParameterCombination"
            or "Unsupported")
        {
            live = false;
            answer = await AskAsync(machine, live, cancel);
        }
        if (!live && _buffered.TryAdd(machine.Type, true))
            border.Say($"the console of a {machine.Type} comes minutes late: EC2 keeps no live one for that type");
        return new ConsoleText(Encoding.UTF8.GetString(Convert.FromBase64String(answer.Output ?? "")), null);
    }

    private Task<GetConsoleOutputResponse> AskAsync(VirtualMachine machine, bool live, CancellationToken cancel) => border.SendAsync(
        $"reading the console of {machine.Name}", c =>
            border.Ec2.GetConsoleOutputAsync(new GetConsoleOutputRequest { InstanceId = machine.Id, Latest = live ? true : null }, c),
            cancel);
}
