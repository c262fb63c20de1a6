using System.Net;
using Baker.Language.Shapes;

namespace Baker.Stack.Network;

/// <summary>One way out that a site needs beside those that the roles have.</summary>
/// <param name="Why">For whoever reviews it: a sentence.</param>
public sealed record EgressSpec(string Role, IPNetwork To, int Port, string Why)
{
    /// <summary>Null where one of its keys was wrong, which has been reported.</summary>
    public static EgressSpec? From(SpecMap map) =>
        map.Text("role") is { } role && map.Text("to") is { } to && map.Number("port") is { } port && map.Text("why") is { } why
            ? new EgressSpec(role, IPNetwork.Parse(to), port, why) : null;
}
