using System.Security.Cryptography;
using System.Text;

namespace Baker.Clouds.Live.Local.Network;

/// <summary>Hardware addresses of a machine's network cards, the same at every launch.</summary>
internal static class MacAddress
{
    /// <param name="card">Which of the machine's cards.</param>
    public static string Of(StackOwner owner, string machine, string card)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{owner.Id}/{machine}/{card}"));
        // 52: given out locally, to one card (bit 1 set, bit 0 clear).
        return $"52:{string.Join(':', hash.Take(5).Select(b => b.ToString("x2")))}";
    }
}
