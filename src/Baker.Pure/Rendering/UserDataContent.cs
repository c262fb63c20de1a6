using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using Baker.Machine;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Baker.Rendering;

/// <summary>User-data taken apart again: what a VM was told, also by an earlier Baker.</summary>
/// <param name="Values">Of the values file, by name.</param>
/// <param name="Scripts">By file name.</param>
public sealed record UserDataContent(ImmutableDictionary<string, string> Values, ImmutableDictionary<string, string> Scripts)
{
    /// <summary>A spec of the largest kind makes less than a tenth.</summary>
    private const int MostBytes = 4 << 20;

    /// <param name="sent">As the cloud has it: cloud-config, or its compressed form.</param>
    /// <param name="bundle">The parts of a bundle by its folder, one after the other; null: it is not there.</param>
    /// <returns>Null: it is not of a Baker's making, or what it names is not there.</returns>
    public static UserDataContent? Read(ReadOnlyMemory<byte> sent, Func<string, string?> bundle)
    {
        try
        {
            var content = Parse(sent);
            return content?.Values.GetValueOrDefault("bundle") is not { Length: > 0 } folder ? content
                : bundle(folder) is { } letters ? Parse(Convert.FromBase64String(letters.TrimEnd('.'))) : null;
        }
        catch (Exception e) when (e is YamlException or InvalidDataException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private static UserDataContent? Parse(ReadOnlyMemory<byte> sent)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Encoding.UTF8.GetString(Plain(sent))));
        if (yaml.Documents is not [{ RootNode: YamlMappingNode root }] || Child(root, "write_files") is not YamlSequenceNode files)
            return null;
        var texts = files.OfType<YamlMappingNode>().Where(f => Text(f, "path") is not null && Text(f, "content") is not null)
            .ToLookup(f => Text(f, "path")!, f => Text(f, "content")!);
        if (ValuesFile.Read(texts[MachineFiles.ValuesPath].FirstOrDefault() ?? "") is not { } values)
            return null;
        return new UserDataContent(values,
            texts.Where(t => Path.GetDirectoryName(t.Key) == MachineFiles.Directory)
                .ToImmutableDictionary(t => Path.GetFileName(t.Key), t => t.First()));
    }

    private static byte[] Plain(ReadOnlyMemory<byte> sent)
    {
        if (!sent.Span.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
            return sent.ToArray();
        using var gzip = new GZipStream(new MemoryStream(sent.ToArray()), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        var piece = new byte[1 << 16];
        for (int read; (read = gzip.Read(piece)) > 0;)
        {
            plain.Write(piece.AsSpan(0, read));
            if (plain.Length > MostBytes)
                throw new InvalidDataException("too large for user-data");
        }
        return plain.ToArray();
    }

    private static YamlNode? Child(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var child) ? child : null;

    private static string? Text(YamlMappingNode node, string key) => (Child(node, key) as YamlScalarNode)?.Value;
}
