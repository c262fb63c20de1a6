using Baker.Rendering;
using Scriban;
using Scriban.Syntax;

namespace Baker.Tests.Support;

/// <summary>
/// Walks a template's syntax tree. A template may repeat, choose, and print what a quoter made of one name; whatever else it
/// does is reported. The quoter must be one of the language that the place is written in.
/// </summary>
public sealed class TemplateAudit
{
    private readonly string _name;
    private readonly List<string> _problems = [];
    private string _raw = "";

    private TemplateAudit(string name) => _name = name;

    /// <summary>What is wrong with a template; nothing when it is safe for every value.</summary>
    public static IReadOnlyList<string> Problems(string name, string text)
    {
        var template = Template.Parse(text, name);
        if (template.HasErrors)
            return [.. template.Messages.Select(m => m.ToString())];
        var audit = new TemplateAudit(name);
        audit.Body(template.Page!.Body);
        return audit._problems;
    }

    private void Body(ScriptBlockStatement? body)
    {
        foreach (var statement in body?.Statements ?? [])
            Statement(statement);
    }

    private void Statement(ScriptStatement statement)
    {
        switch (statement)
        {
            case ScriptRawStatement raw:
                _raw += raw.Text.ToString();
                break;
            case ScriptExpressionStatement output:
                Output(output.Expression);
                _raw += "x";
                break;
            // A loop runs over a list that the program made, a condition looks at one value: neither prints anything by itself.
            case ScriptForStatement { Iterator: { } list } loop when IsName(list) && loop.NamedArguments is not { Count: > 0 }:
                Body(loop.Body);
                if (loop.Else is { } empty)
                    Body(empty.Body);
                break;
            case ScriptIfStatement choice when IsCondition(choice.Condition):
                Body(choice.Then);
                if (choice.Else is { } rest)
                    Statement(rest);
                break;
            case ScriptElseStatement last:
                Body(last.Body);
                break;
            case ScriptEscapeStatement or ScriptEndStatement or ScriptNopStatement:
                break;
            default:
                Report(statement, "is not among what templates may do");
                break;
        }
    }

    private void Output(ScriptExpression? expression)
    {
        if (expression is not ScriptPipeCall { From: { } value, To: ScriptFunctionCall { Target: ScriptVariableGlobal quoter, Arguments.Count: 0 } }
            || !Templates.Quoters.ContainsKey(quoter.Name))
            Report(expression, "is printed as it is: it must end in a quoter");
        else if (!IsName(value))
            Report(expression, "makes a text of its own: only names are printed");
        else if (!Allowed().Contains(quoter.Name))
            Report(expression, $"is quoted for another language: here it must be {string.Join(" or ", Allowed())}");
    }

    // By the file's name; a page of Markdown has blocks of other languages in it.
    private string[] Allowed()
    {
        if (_name.EndsWith(".yaml.scriban", StringComparison.Ordinal))
            return ["yaml", "yaml_block"];
        if (_name.EndsWith(".hcl.scriban", StringComparison.Ordinal))
            return ["hcl"];
        var fences = _raw.Split('\n').Where(line => line.StartsWith("```", StringComparison.Ordinal)).ToArray();
        return fences.Length % 2 == 0 ? ["md", "code"] : fences[^1] switch
        {
            "```sh" => ["sh"],
            "```mermaid" => ["mermaid", "word"],
            _ => [],
        };
    }

    private static bool IsName(ScriptExpression expression) => expression is ScriptVariable
        || (expression is ScriptMemberExpression { Target: { } target, Member: ScriptVariable } && IsName(target));

    private static bool IsCondition(ScriptExpression? expression) => expression switch
    {
        ScriptUnaryExpression { Operator: ScriptUnaryOperator.Not, Right: { } right } => IsCondition(right),
        ScriptBinaryExpression { Left: { } left, Right: ScriptLiteral } => IsName(left),
        { } name => IsName(name),
        null => false,
    };

    private void Report(ScriptNode? node, string why) => _problems.Add($"{_name}({node?.Span.Start.Line + 1}): {node} {why}");
}
