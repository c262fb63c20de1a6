using System.Collections.Immutable;
using Baker.Clouds.Facts;
using Baker.Planning;
using Baker.Stack;
using Baker.Stack.Roles;

namespace Baker.Rendering;

/// <summary>
/// What a cloud's user-data has no room for: a whole user-data, which lies elsewhere under its own digest. The cloud's names that digest,
/// and what fetches it.
/// </summary>
/// <param name="Folder">Where its parts lie; the last name is the digest, so another content never takes the place of one that a VM still
/// needs.</param>
/// <param name="Plain">As people review it.</param>
/// <param name="Parts">Of the compressed form, in letters; a dot ends the last. A VM knows by it that it has all of them, however many a
/// compressor makes.</param>
public sealed record Bundle(string Folder, ReadOnlyMemory<byte> Plain, ImmutableArray<string> Parts)
{
    /// <summary>Bytes that stay free in the user-data that names a bundle.</summary>
    public const int Reserve = 2000;

    /// <summary>Names the content, not its compressed form: another compressor makes no other bundle.</summary>
    public string Digest => Folder[(Folder.LastIndexOf('/') + 1)..];

    /// <param name="head">The beginning of what the bundle brings, up to its scripts.</param>
    internal static Bundle Of(Plan plan, string role, BundleStore store, byte[] head, UserDataScripts scripts)
    {
        byte[] plain = [.. head, .. scripts.Plain.Span];
        var letters = Convert.ToBase64String([.. Gzip.Member(head), .. scripts.Compressed]) + ".";
        var parts = ImmutableArray.CreateBuilder<string>();
        for (var at = 0; at < letters.Length; at += store.PartLength)
            parts.Add(letters[at..Math.Min(at + store.PartLength, letters.Length)]);
        return new Bundle($"{store.Folder(plan.Name, role)}{Convert.ToHexStringLower(Sha256.Of(plain))}", plain,
            parts.DrainToImmutable());
    }

    /// <summary>
    /// The values of user-data that names a bundle: those by which the bundle is reached. All others are empty, so that scripts find every
    /// name they
    /// read, whatever moment the power is lost in.
    /// </summary>
    public IEnumerable<VmValue> Named(Plan plan, MachinePlan machine)
    {
        var store = new Uri(plan.Cloud.Facts.SecretStoreUrl(plan.Cloud)!).Host;
        return machine.Values.Select(v => v.Name switch
        {
            "role" or "stack" or "cloud" or "address" or "network_cidrs" or "proxy" or "extra_ca" => v,
            // It may be as long as it likes; the rest of it is about other servers.
            "no_proxy" => v with { Value = string.Join(',', v.Value.Split(',').Where(e => IsIn(store, e.TrimStart('.')))) },
            _ => v with { Value = "" },
        }).Append(VmValue.Configure("bundle", Folder, ""));
    }

    private static bool IsIn(string host, string domain) =>
        host == domain || host.EndsWith($".{domain}", StringComparison.OrdinalIgnoreCase);
}
