using System.Collections.Concurrent;
using Baker.Embedded;
using Scriban;
using Scriban.Runtime;

namespace Baker.Rendering;

/// <summary>Renders the templates that the program carries. A template sees the names it is given and the quoters, nothing else.</summary>
public static class Templates
{
    private static readonly ConcurrentDictionary<string, Template> Parsed = new(StringComparer.Ordinal);

    /// <summary>The quoters by their names in templates.</summary>
    public static readonly IReadOnlyDictionary<string, Func<string, string>> Quoters = new Dictionary<string, Func<string, string>>
    {
        ["yaml"] = Quoting.Yaml,
        ["json"] = Quoting.Yaml,
        ["yaml_block"] = text => Quoting.YamlBlock(text, BlockIndent),
        ["sh"] = Quoting.Shell,
        ["hcl"] = Quoting.Hcl,
        ["md"] = Quoting.Markdown,
        ["code"] = Quoting.Code,
        ["word"] = Quoting.Word,
        ["mermaid"] = Quoting.Mermaid,
    };

    private static readonly ScriptObject QuoterObject = MakeQuoters();

    // In place of Scriban's own functions: no template needs one, and making them takes longer than rendering. One for each thread, as a
    // new one for each template would be half of all the memory that a stack takes.
    private static readonly ThreadLocal<TemplateContext> Context = new(() =>
        new TemplateContext(QuoterObject) { StrictVariables = true, NewLine = "\n", LoopLimit = 0 });

    /// <summary>Depth of a block inside a list of maps, as user-data has them.</summary>
    private const int BlockIndent = 4;

    /// <exception cref="InvalidOperationException">A mistake in a template or in the names it is given; never in a spec.</exception>
    public static string Render(string name, ScriptObject names) => Render(Context.Value!, name, names);

    /// <summary>As well, behind what stands there already.</summary>
    internal static void Render(Utf8Output to, string name, ScriptObject names)
    {
        var context = Context.Value!;
        context.PushOutput(to);
        try
        {
            Render(context, name, names);
        }
        finally
        {
            context.PopOutput();
        }
    }

    private static string Render(TemplateContext context, string name, ScriptObject names)
    {
        var template = Parsed.GetOrAdd(name, Parse);
        context.PushGlobal(names);
        try
        {
            return template.Render(context);
        }
        finally
        {
            context.PopGlobal();
        }
    }

    public static Template Parse(string name)
    {
        var template = Template.Parse(EmbeddedFiles.Read(name), name);
        return template.HasErrors ? throw new InvalidOperationException(string.Join("; ", template.Messages)) : template;
    }

    private static ScriptObject MakeQuoters()
    {
        var quoters = new ScriptObject();
        foreach (var (name, quote) in Quoters)
            quoters.SetValue(name, new Quoter(quote), readOnly: true);
        return quoters;
    }
}
