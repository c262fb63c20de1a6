using System.Collections.Concurrent;

namespace Baker.Clouds.Live.Aws.Network;

/// <summary>Where machines can stand: what the network has found or made in this run.</summary>
internal sealed class AwsGround
{
    private readonly ConcurrentDictionary<string, (string Id, string Zone)> _subnets = new();
    private readonly ConcurrentDictionary<string, string> _groups = new();

    public void Subnet(string name, string id, string zone) => _subnets[name] = (id, zone);

    public void Group(string name, string id) => _groups[name] = id;

    public (string Id, string Zone) Subnet(string name) =>
        _subnets.TryGetValue(name, out var subnet) ? subnet : throw new InvalidOperationException($"no subnet {name} before its network");

    public string Group(string name) => _groups.TryGetValue(name, out var group) ? group
        : throw new InvalidOperationException($"no group {name} before its network");
}
