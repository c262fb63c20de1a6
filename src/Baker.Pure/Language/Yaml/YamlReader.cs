using System.Text;
using Baker.Diagnostics;
using Baker.Language.Secrets;
using Baker.Language.Shapes;
using Baker.Language.Values;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Baker.Language.Yaml;

/// <summary>
/// Reads bytes into a tree with a line and column on every node, reporting every problem instead of stopping at the first.
/// It walks the parser's events by hand: a deserializer would stop early, and YamlStream refuses duplicates by exception.
/// </summary>
public sealed class YamlReader
{
    /// <summary>A spec is a page or two; a megabyte is a mistake.</summary>
    public const int MostBytes = 1 << 20;

    /// <summary>The deepest key of a spec lies six levels down; the rest is head room, and keeps recursion bounded.</summary>
    public const int MostLevels = 32;

    private const char ByteOrderMark = '\uFEFF';

    private readonly DiagnosticBag _bag;
    private readonly SourceText _source;
    private readonly YamlEvents _events;
    private readonly Dictionary<SpecPath, Spot> _spots = [];
    private readonly Dictionary<SpecPath, Spot> _keys = [];

    private YamlReader(string text, SourceText source, DiagnosticBag bag)
    {
        _bag = bag;
        _source = source;
        _events = new YamlEvents(text);
        bag.Locate = Locate;
        bag.LocateKey = path => _keys.TryGetValue(path, out var spot) ? spot : null;
    }

    /// <summary>Decodes and parses. The node is null when there is nothing to go on with; the bag then says why.</summary>
    public static (SourceText Source, YamlNode? Root) Read(string fileName, ReadOnlySpan<byte> bytes, DiagnosticBag bag)
    {
        if (bytes.Length > MostBytes)
            return Refuse(fileName, bag, YamlMessages.TooLarge(MostBytes));
        if (!TryDecode(bytes, out var text))
            return Refuse(fileName, bag, YamlMessages.NotText());
        var source = new SourceText(fileName, text);
        SecretText.Hide(source);
        return (source, new YamlReader(text, source, bag).ReadDocument());
    }

    private static (SourceText, YamlNode?) Refuse(string fileName, DiagnosticBag bag, Message message)
    {
        bag.AddAt(SpecPath.Root, null, message);
        return (new SourceText(fileName, ""), null);
    }

    private static bool TryDecode(ReadOnlySpan<byte> bytes, out string text)
    {
        text = "";
        if (bytes.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        if (bytes.Contains((byte)0))
            return false;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private YamlNode? ReadDocument()
    {
        if (FindMark() is { } mark)
        {
            SecretGuess.Hide(_source);
            _bag.AddAt(SpecPath.Root, mark, YamlMessages.ControlCharacter(Printable.CodeOf(ByteOrderMark), "the line"));
            return null;
        }
        try
        {
            _events.Next();
            while (_events.Current is StreamStart or DocumentStart)
                _events.Next();
            if (_events.Current is StreamEnd)
            {
                _bag.AddAt(SpecPath.Root, null, YamlMessages.Empty());
                return null;
            }
            var root = ReadNode(SpecPath.Root, 0);
            do
                _events.Next();
            while (_events.Current is not (DocumentStart or StreamEnd));
            if (_events.Current is DocumentStart second)
                _bag.AddAt(SpecPath.Root, YamlEvents.At(second), YamlMessages.SecondDocument());
            if (root is not YamlScalar { IsNull: true })
                return root;
            _bag.AddAt(SpecPath.Root, null, YamlMessages.Empty());
            return null;
        }
        catch (YamlException problem)
        {
            SecretGuess.Hide(_source);
            var (at, message) = SyntaxProblem.Of(problem, _source);
            // What was told of a key may be what stopped the parser too.
            if (!_bag.InFileOrder.Any(d => d.Message.Code == message.Code && d.Spot?.Line == at.Line))
                _bag.AddAt(SpecPath.Root, at, message);
            return null;
        }
        catch (TooDeepException deep)
        {
            SecretGuess.Hide(_source);
            _bag.AddAt(SpecPath.Root, deep.Spot, YamlMessages.TooDeep(MostLevels));
            return null;
        }
    }

    // Where files were joined, one stands in the middle. The parser passes over it and reads the line as one without indentation.
    private Spot? FindMark()
    {
        for (var number = 1; number <= _source.LineCount; number++)
        {
            var line = _source.Raw(number);
            if (line.AsSpan().TrimStart(' ') is [ByteOrderMark, ..])
                return new Spot(number, line.IndexOf(ByteOrderMark, StringComparison.Ordinal) + 1, 1);
        }
        return null;
    }

    private YamlNode? ReadNode(SpecPath path, int level)
    {
        var start = _events.Current;
        if (level > MostLevels)
            throw new TooDeepException(YamlEvents.At(start));
        if (start is AnchorAlias)
            return Refused(path, start, null, YamlMessages.Alias());
        // The parser loses count of some malformed maps (`  : a: b`) and ends one where a value must follow.
        var node = start as NodeEvent ?? throw new YamlException(start.Start, start.End, "did not find the value of a key");
        var refusal = !node.Anchor.IsEmpty ? YamlMessages.Alias()
            : node.Tag is { IsEmpty: false, IsNonSpecific: false }
                ? YamlMessages.Tag(SecretGuess.IsSecret(path) ? null
                : node.Tag.Value.Replace("tag:yaml.org,2002:", "!!", StringComparison.Ordinal))
            : null;
        YamlNode read = node switch
        {
            Scalar scalar => ReadScalar(path, scalar),
            SequenceStart => ReadList(path, level, start),
            _ => ReadMap(path, level, start),
        };
        return refusal is null ? read : Refused(path, start, read, refusal);
    }

    private YamlNode? Refused(SpecPath path, ParsingEvent start, YamlNode? node, Message message)
    {
        // `password: *abc`, `&abc` and `!abc` are secrets that YAML takes for something else.
        if (SecretGuess.IsSecret(path))
            _source.Hide(YamlEvents.At(start) with { Length = int.MaxValue });
        SecretGuess.Hide(_source, node, path);
        _bag.AddAt(path, YamlEvents.At(start), message);
        _bag.MarkBroken(path);
        return null;
    }

    private YamlScalar ReadScalar(SpecPath path, Scalar scalar)
    {
        var spot = YamlEvents.At(scalar);
        var read = new YamlScalar(scalar.Value, scalar.Style == ScalarStyle.Plain, spot, YamlEvents.LastLine(scalar));
        if (read.IsNull)
            _spots.TryAdd(path, spot);
        else
            _spots[path] = spot;
        // Line breaks are content in a block; every other control character, and Unicode's own line breaks, would be read
        // differently by the programs that read our artifacts. What cannot be seen or turns text round is read differently by people.
        if (scalar.Value.Where(c => c != '\n' && !Printable.IsSeen(c)).Take(1).ToArray() is [var odd])
            _bag.Add(path, YamlMessages.ControlCharacter(Printable.CodeOf(odd)));
        else if (Printable.HasLoneSurrogate(scalar.Value))
            _bag.Add(path, YamlMessages.ControlCharacter("half of a surrogate pair"));
        return read;
    }

    private YamlList ReadList(SpecPath path, int level, ParsingEvent start)
    {
        var items = new List<YamlNode?>();
        _spots.TryAdd(path, YamlEvents.At(start));
        for (_events.Next(); _events.Current is not SequenceEnd; _events.Next())
            items.Add(ReadNode(path.Item(items.Count), level + 1));
        return new YamlList(items, YamlEvents.At(start), YamlEvents.LastLine(_events.Current));
    }

    private YamlMap ReadMap(SpecPath path, int level, ParsingEvent start)
    {
        var entries = new Dictionary<string, YamlEntry>(StringComparer.Ordinal);
        _spots.TryAdd(path, YamlEvents.At(start));
        for (_events.Next(); _events.Current is not MappingEnd; _events.Next())
        {
            var keyStart = _events.Current;
            if (keyStart is not Scalar { Anchor.IsEmpty: true, Value: not "<<" } key || SecretText.Holds(key.Value)
                || SecretText.Holds(WithoutUnseen(key.Value)))
            {
                SkipEntry(path, keyStart);
                continue;
            }
            var keySpot = YamlEvents.At(key);
            var name = Seen(key, keySpot, path);
            var first = entries.GetValueOrDefault(name);
            var below = path.Key(first is null ? name : $"{name}?");
            _spots[below] = _keys[below] = keySpot;
            _events.Next();
            var value = ReadNode(below, level + 1);
            if (first is null)
            {
                entries.Add(name, new YamlEntry(name, keySpot, value));
                continue;
            }
            SecretGuess.Hide(_source, value, path.Key(name));
            _bag.AddAt(path.Key(name), keySpot, YamlMessages.DuplicateKey(Printable.Short(name), first.KeySpot.Line));
        }
        return new YamlMap([.. entries.Values], YamlEvents.At(start), YamlEvents.LastLine(_events.Current));
    }

    /// <summary>A key as people read it. What they do not see in it is reported where it stands.</summary>
    private string Seen(Scalar key, Spot spot, SpecPath path)
    {
        if (key.Value.All(Printable.IsSeen))
            return key.Value;
        var unseen = key.Value.First(c => !Printable.IsSeen(c));
        var column = _source.Raw(spot.Line).IndexOf(unseen, StringComparison.Ordinal);
        _bag.AddAt(path, column < 0 ? spot : new Spot(spot.Line, column + 1, 1),
            YamlMessages.ControlCharacter(Printable.CodeOf(unseen), "the key"));
        return WithoutUnseen(key.Value);
    }

    private static string WithoutUnseen(string key) => key.All(Printable.IsSeen) ? key : string.Concat(key.Where(Printable.IsSeen));

    /// <summary>Reads past a key that cannot be one, and its value. Nobody knows what they are, so neither is shown.</summary>
    private void SkipEntry(SpecPath path, ParsingEvent key)
    {
        _bag.AddAt(path, YamlEvents.At(key), key switch
        {
            Scalar { Anchor.IsEmpty: true, Value: "<<" } => YamlMessages.MergeKey(),
            Scalar { Anchor.IsEmpty: true } named when Pem.HoldsPrivateKey(named.Value) => SecretMessages.PrivateKey(),
            Scalar { Anchor.IsEmpty: true } named when KnownSecret.Find(WithoutUnseen(named.Value)) is { } kind =>
                SecretMessages.Known(kind, null),
            Scalar { Anchor.IsEmpty: true } => SecretMessages.UserInfo(),
            MappingStart when Placeholder.FindBare(_source.Raw(YamlEvents.At(key).Line)) => ShapeMessages.Placeholder("{{ … }}"),
            _ => YamlMessages.KeyNotText(),
        });
        if (key is MappingStart)
            _bag.MarkBroken(path);
        _events.Skip();
        _events.Next();
        if (_events.Current is AnchorAlias && key is Scalar { Value: "<<" })
            return;
        _source.Hide(YamlEvents.At(key) with { Length = int.MaxValue });
        _source.HideLines(YamlEvents.At(key).Line + 1, _events.Skip());
    }

    /// <summary>The place of a path, or of the closest section above it that stands in the file; null when there is none.</summary>
    private Spot? Locate(SpecPath path)
    {
        for (; path.Text.Length > 0; path = path.Parent)
        {
            if (_spots.TryGetValue(path, out var spot))
                return spot;
        }
        return null;
    }

    private sealed class TooDeepException(Spot spot) : Exception
    {
        public Spot Spot { get; } = spot;
    }
}
