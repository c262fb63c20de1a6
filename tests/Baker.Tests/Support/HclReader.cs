namespace Baker.Tests.Support;

/// <summary>
/// Reads which arguments and blocks a file of HashiCorp's language has, and where. Values are only passed over: what they
/// mean is for Packer to say.
/// </summary>
public sealed class HclReader
{
    private readonly string _text;
    private int _at;
    private int _line;

    private HclReader(string text) => _text = text;

    /// <summary>The whole file as a block without a name.</summary>
    /// <exception cref="FormatException">Something that Baker does not write, or no such language.</exception>
    public static HclBlock Read(string text) => new HclReader(text).Body("", [], 0, isFile: true);

    private HclBlock Body(string type, IReadOnlyList<string> labels, int firstLine, bool isFile)
    {
        var (arguments, blocks) = (new List<HclArgument>(), new List<HclBlock>());
        for (PassBlanks(); !IsEnd && Now != '}'; PassBlanks())
        {
            var (name, line) = (Word(), _line);
            PassBlanks();
            if (Now == '=')
            {
                PassValue();
                arguments.Add(new HclArgument(name, line, _line));
                continue;
            }
            var words = new List<string>();
            for (; Now != '{'; PassBlanks())
                words.Add(Quoted());
            _at++;
            blocks.Add(Body(name, words, line, isFile: false));
        }
        if (isFile != IsEnd)
            throw Wrong("a brace too many or too few");
        if (!isFile)
            _at++;
        return new HclBlock(type, labels, firstLine, _line, arguments, blocks);
    }

    private bool IsEnd => _at >= _text.Length;

    private char Now => IsEnd ? throw Wrong("the file ends here") : _text[_at];

    private FormatException Wrong(string why) => new($"line {_line + 1}: {why}");

    private void PassBlanks()
    {
        while (!IsEnd && (char.IsWhiteSpace(Now) || Now == '#'))
            Pass();
    }

    // One character, or a comment up to the end of its line.
    private void Pass()
    {
        if (Now == '\n')
            _line++;
        _at = Now == '#' ? _text.IndexOf('\n', _at) : _at + 1;
    }

    private string Word()
    {
        var start = _at;
        while (char.IsAsciiLetterOrDigit(Now) || Now is '_' or '-')
            _at++;
        return _at > start ? _text[start.._at] : throw Wrong($"`{Now}` begins no name");
    }

    private string Quoted()
    {
        if (Now != '"')
            throw Wrong($"`{Now}` begins no label");
        var start = _at++;
        while (Now != '"')
        {
            if (Now == '\n')
                throw Wrong("a string has no end");
            if (Now is '$' or '%' && _at + 2 < _text.Length && _text[_at + 1] == Now && _text[_at + 2] == '{')
                _at += 3;
            else if (Now is '$' or '%' && _text[_at + 1] == '{')
                PassTemplate();
            else
                _at += Now == '\\' ? 2 : 1;
        }
        return _text[(start + 1)..(_at++)];
    }

    // Only ${path.root} and its like are written: no braces and no strings inside.
    private void PassTemplate()
    {
        while (Now != '}')
            _at++;
        _at++;
    }

    // To the end of the line on which all that was opened is closed.
    private void PassValue()
    {
        for (var open = 0; open > 0 || Now != '\n';)
        {
            open += Now is '[' or '{' or '(' ? 1 : Now is ']' or '}' or ')' ? -1 : 0;
            if (open < 0)
                throw Wrong("nothing is open here");
            if (Now == '"')
                Quoted();
            else
                Pass();
        }
    }
}
