using System.Text;
using Baker.Diagnostics;
using Baker.Specs.Values;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Baker.Specs.Yaml;

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

    private readonly DiagnosticBag _bag;
    private readonly SourceText _source;
    private readonly Parser _parser;
    private readonly Dictionary<SpecPath, Spot> _spots = [];
    private readonly Dictionary<SpecPath, Spot> _keys = [];

    private YamlReader(string text, SourceText source, DiagnosticBag bag)
    {
        _bag = bag;
        _source = source;
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
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
        try
        {
            Next();
            while (_parser.Current is StreamStart or DocumentStart)
                Next();
            if (_parser.Current is StreamEnd)
            {
                _bag.AddAt(SpecPath.Root, null, YamlMessages.Empty());
                return null;
            }
            var root = ReadNode(SpecPath.Root, 0);
            do
                Next();
            while (_parser.Current is not (DocumentStart or StreamEnd));
            if (_parser.Current is DocumentStart second)
                _bag.AddAt(SpecPath.Root, At(second), YamlMessages.SecondDocument());
            if (root is not YamlScalar { IsNull: true })
                return root;
            _bag.AddAt(SpecPath.Root, null, YamlMessages.Empty());
            return null;
        }
        catch (YamlException problem)
        {
            SecretGuess.Hide(_source);
            if (FindTab(problem) is { } tab)
            {
                _bag.AddAt(SpecPath.Root, tab, YamlMessages.Tab());
                return null;
            }
            var at = new Spot((int)Math.Clamp(problem.Start.Line, 1, _source.LineCount), Math.Max(1, (int)problem.Start.Column), 1);
            // A parser's message may quote what it choked on; only its first sentence, and only words of the parser, are shown.
            _bag.AddAt(SpecPath.Root, at, YamlMessages.Syntax(ParserWords(problem.Message)));
            return null;
        }
        catch (TooDeepException deep)
        {
            SecretGuess.Hide(_source);
            _bag.AddAt(SpecPath.Root, deep.Spot, YamlMessages.TooDeep(MostLevels));
            return null;
        }
    }

    private YamlNode? ReadNode(SpecPath path, int level)
    {
        var start = _parser.Current!;
        if (level > MostLevels)
            throw new TooDeepException(At(start));
        if (start is AnchorAlias)
            return Refused(path, start, null, YamlMessages.Alias());
        // The parser loses count of some malformed maps (`  : a: b`) and ends one where a value must follow.
        var node = start as NodeEvent ?? throw new YamlException(start.Start, start.End, "did not find the value of a key");
        var refusal = !node.Anchor.IsEmpty ? YamlMessages.Alias()
            : node.Tag is { IsEmpty: false, IsNonSpecific: false } ? YamlMessages.Tag(SecretGuess.IsSecret(path) ? null : node.Tag.Value.Replace("tag:yaml.org,2002:", "!!", StringComparison.Ordinal))
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
            _source.Hide(At(start) with { Length = int.MaxValue });
        SecretGuess.Hide(_source, node, path);
        _bag.AddAt(path, At(start), message);
        _bag.MarkBroken(path);
        return null;
    }

    private YamlScalar ReadScalar(SpecPath path, Scalar scalar)
    {
        var spot = At(scalar);
        var read = new YamlScalar(scalar.Value, scalar.Style == ScalarStyle.Plain, spot, LastLine(scalar));
        if (read.IsNull)
            _spots.TryAdd(path, spot);
        else
            _spots[path] = spot;
        // Line breaks are content in a block; every other control character, and Unicode's own line breaks, would be read
        // differently by the programs that read our artifacts.
        var odd = scalar.Value.FirstOrDefault(c => c is '\u2028' or '\u2029' or '\uFEFF' || (char.IsControl(c) && c != '\n'));
        if (odd != default)
            _bag.Add(path, YamlMessages.ControlCharacter($"U+{(int)odd:X4}"));
        else if (HasLoneSurrogate(scalar.Value))
            _bag.Add(path, YamlMessages.ControlCharacter("half of a surrogate pair"));
        return read;
    }

    private YamlList ReadList(SpecPath path, int level, ParsingEvent start)
    {
        var items = new List<YamlNode?>();
        _spots.TryAdd(path, At(start));
        for (Next(); _parser.Current is not SequenceEnd; Next())
            items.Add(ReadNode(path.Item(items.Count), level + 1));
        return new YamlList(items, At(start), LastLine(_parser.Current));
    }

    private YamlMap ReadMap(SpecPath path, int level, ParsingEvent start)
    {
        var entries = new Dictionary<string, YamlEntry>(StringComparer.Ordinal);
        _spots.TryAdd(path, At(start));
        for (Next(); _parser.Current is not MappingEnd; Next())
        {
            var keyStart = _parser.Current!;
            if (keyStart is not Scalar { Anchor.IsEmpty: true, Value: not "<<" } key || UserInfo.Find(key.Value))
            {
                SkipEntry(path, keyStart);
                continue;
            }
            var keySpot = At(key);
            var first = entries.GetValueOrDefault(key.Value);
            var below = path.Key(first is null ? key.Value : $"{key.Value}?");
            _spots[below] = _keys[below] = keySpot;
            Next();
            var value = ReadNode(below, level + 1);
            if (first is null)
            {
                entries.Add(key.Value, new YamlEntry(key.Value, keySpot, value));
                continue;
            }
            SecretGuess.Hide(_source, value, path.Key(key.Value));
            _bag.AddAt(path.Key(key.Value), keySpot, YamlMessages.DuplicateKey(Printed(key.Value), first.KeySpot.Line));
        }
        return new YamlMap([.. entries.Values], At(start), LastLine(_parser.Current));
    }

    /// <summary>Reads past a key that cannot be one, and its value. Nobody knows what they are, so neither is shown.</summary>
    private void SkipEntry(SpecPath path, ParsingEvent key)
    {
        _bag.AddAt(path, At(key), key switch
        {
            Scalar { Anchor.IsEmpty: true, Value: "<<" } => YamlMessages.MergeKey(),
            Scalar { Anchor.IsEmpty: true } => SecretMessages.UserInfo(),
            _ => YamlMessages.KeyNotText(),
        });
        SkipNode();
        Next();
        if (_parser.Current is AnchorAlias && key is Scalar { Value: "<<" })
            return;
        _source.Hide(At(key) with { Length = int.MaxValue });
        _source.HideLines(At(key).Line + 1, SkipNode());
    }

    /// <returns>The node's last line.</returns>
    private int SkipNode()
    {
        for (var depth = 0; ; Next())
        {
            depth += _parser.Current!.NestingIncrease;
            if (depth == 0)
                return LastLine(_parser.Current);
        }
    }

    private void Next()
    {
        if (!MoveNext())
            throw new YamlException(Mark.Empty, Mark.Empty, "the document ends too early");
    }

    // On some malformed text the parser fails in itself instead of refusing it: `{ re #gion: x }` ends in InvalidOperationException.
    private bool MoveNext()
    {
        var last = _parser.Current?.End ?? Mark.Empty;
        try
        {
            return _parser.MoveNext();
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException or IndexOutOfRangeException or NullReferenceException or OverflowException)
        {
            throw new YamlException(last, last, "the parser cannot go on after this", failure);
        }
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

    private static Spot At(ParsingEvent e) => new((int)e.Start.Line, (int)e.Start.Column,
        e.End.Line == e.Start.Line && e is Scalar ? Math.Max(1, (int)(e.End.Column - e.Start.Column)) : 1);

    // A block's end mark stands at the start of the line after it.
    private static int LastLine(ParsingEvent e) =>
        (int)(e.End.Column <= 1 && e.End.Line > e.Start.Line ? e.End.Line - 1 : e.End.Line);

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i))
                i++;
            else if (char.IsSurrogate(text[i]))
                return true;
        }
        return false;
    }

    // The parser says where the section began, not where the tab is.
    private Spot? FindTab(YamlException problem)
    {
        for (var number = (int)problem.Start.Line; number <= _source.LineCount && problem.Message.Contains("tab", StringComparison.Ordinal); number++)
        {
            var line = _source.Raw(number);
            var column = line.IndexOf('\t', StringComparison.Ordinal);
            if (column >= 0 && line.AsSpan(0, column).Trim().IsEmpty)
                return new Spot(number, column + 1, 1);
        }
        return null;
    }

    private static string Printed(string key) => key.Length > 60 ? key[..60] + "…" : key;

    private static string ParserWords(string message)
    {
        var line = message.Split('\n')[0].TrimEnd('.', ' ');
        var quote = line.IndexOfAny(['\'', '"']);
        line = quote > 0 ? line[..quote].TrimEnd() : line;
        return line.Length == 0 ? "unexpected text" : char.ToLowerInvariant(line[0]) + line[1..];
    }

    private sealed class TooDeepException(Spot spot) : Exception
    {
        public Spot Spot { get; } = spot;
    }
}
