using System.Collections.Immutable;
using System.IO.Compression;
using System.Security.Cryptography;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Baker.Clouds.Facts.Aws;
using Baker.Clouds.Live.Aws.Border;

namespace Baker.Clouds.Live.Aws.Secrets;

/// <summary>Bundles as parameters of SSM's standard tier: plain text, for there is no secret in user-data.</summary>
internal sealed class AwsBundles(AwsBorder border, AwsSpec spec, AwsParameters parameters, AwsSecrets secrets, AwsBundleRights rights)
    : IBundles
{
    /// <summary>Most names in one request.</summary>
    private const int AtOnce = 10;

    public async Task<BundlesFound> FindAsync(StackOwner owner, bool isNeeded, CancellationToken cancel)
    {
        var root = spec.Facts.Bundles!.Root(owner.Stack);
        try
        {
            var all = await AllAsync(root, cancel);
            var folders = all.GroupBy(p => p.Name[..p.Name.LastIndexOf('/')])
                .Select(g => (Parts: g, Letters: Letters(g.Key, g.ToDictionary(p => p.Name, p => p.Value))))
                .Select(g => new BundleFound(g.Parts.Key, [.. g.Parts.Select(p => p.Name)], IsWhole(g.Parts.Key, g.Letters), g.Letters));
            var mine = ImmutableArray.CreateBuilder<BundleFound>();
            foreach (var folder in folders.OrderBy(f => f.Folder, StringComparer.Ordinal))
            {
                if (await secrets.ExistsAsync(owner, folder.Names[0], cancel))
                    mine.Add(folder);
            }
            return new BundlesFound(mine.ToImmutable());
        }
        catch (CloudException e) when (!isNeeded && e.Failure == CloudFailure.Denied)
        {
            // Who launched before there were bundles has no right to look for them.
            return new BundlesFound([], $"what earlier launches left below {root}: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    public async Task PutAsync(StackOwner owner, BundleWanted wanted, CancellationToken cancel)
    {
        for (var i = 0; i < wanted.Parts.Length; i++)
            await secrets.PutAsync(owner, $"{wanted.Folder}/{i + 1}", wanted.Parts[i], ParameterType.String, cancel);
    }

    public async Task DeleteAsync(BundleFound found, CancellationToken cancel)
    {
        // The first part says whose they are: it goes last.
        foreach (var names in found.Names.Skip(1).Chunk(AtOnce).Append([found.Names[0]]))
            await parameters.DeleteAsync($"deleting the bundle {found.Folder}", names, cancel);
    }

    public Task<Preflight> CheckAsync(ImmutableArray<MachineWanted> machines, CancellationToken cancel) =>
        rights.CheckAsync(machines, cancel);

    private async Task<List<Parameter>> AllAsync(string root, CancellationToken cancel)
    {
        var all = await border.SendAsync("looking for bundles of user-data", async c =>
        {
            var found = new List<Parameter>();
            var pages = border.Ssm.Paginators.GetParametersByPath(
                new GetParametersByPathRequest { Path = root.TrimEnd('/'), Recursive = true, MaxResults = AtOnce }).Responses;
            await foreach (var page in pages.WithCancellation(c))
                found.AddRange(page.Parameters ?? []);
            return found;
        }, cancel);
        return [.. all.OrderBy(p => p.Name.Length).ThenBy(p => p.Name, StringComparer.Ordinal)];
    }

    /// <summary>Read as a machine reads it: part by part up to the dot.</summary>
    private static string Letters(string folder, Dictionary<string, string> parts)
    {
        var letters = "";
        for (var i = 1; !letters.EndsWith('.') && parts.TryGetValue($"{folder}/{i}", out var part); i++)
            letters += part;
        return letters;
    }

    /// <summary>By the digest of what comes out, as a machine judges it.</summary>
    private static bool IsWhole(string folder, string letters)
    {
        if (!letters.EndsWith('.'))
            return false;
        try
        {
            using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(letters[..^1])), CompressionMode.Decompress);
            return Convert.ToHexStringLower(SHA256.HashData(gzip)) == folder[(folder.LastIndexOf('/') + 1)..];
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            return false;
        }
    }
}
