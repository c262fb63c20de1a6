namespace Baker.Clouds.Live.Google;

/// <summary>
/// Where the subnets of the stack at hand lie, by the names that machines use for them; known once the network has been looked at.
/// </summary>
internal sealed class GoogleSubnets
{
    private readonly Dictionary<string, (string Network, string Subnet)> _paths = [];

    public void Set(string name, string network, string subnet)
    {
        lock (_paths)
            _paths[name] = (network, subnet);
    }

    public (string Network, string Subnet) Of(string name)
    {
        lock (_paths)
            return _paths[name];
    }
}
