using System.Text;
using Baker.Diagnostics;
using Baker.Planning;
using Baker.Rendering;
using Baker.Stack;

namespace Baker.Tests.Support;

/// <summary>A spec taken as far as it goes, without command line and disk: read, planned, checked, rendered when it is valid.</summary>
public sealed record Report(SourceText Source, IReadOnlyList<Diagnostic> Diagnostics)
{
    public IEnumerable<string> Codes => Complaints.Select(d => d.Message.Code);

    /// <summary>Notes aside: they tell of what is as it may be.</summary>
    public IEnumerable<Diagnostic> Complaints => Diagnostics.Where(d => d.Message.Severity != Severity.Note);

    public IEnumerable<string> Errors => Diagnostics.Where(d => d.Message.Severity == Severity.Error).Select(d => $"{d.Message.Code} at {d.Path}: {d.Message.Text}");

    public string Text
    {
        get
        {
            using var writer = new StringWriter();
            DiagnosticPrinter.Print(writer, Source, Diagnostics);
            return writer.ToString();
        }
    }

    public string Json => DiagnosticJson.Write(Source, Diagnostics);

    public static Report Of(string spec) => Of(Encoding.UTF8.GetBytes(spec));

    /// <param name="mayRender">Says no to plans that need not be rendered again; null: all are.</param>
    public static Report Of(ReadOnlySpan<byte> spec, Func<Plan, bool>? mayRender = null)
    {
        var bag = new DiagnosticBag();
        var (source, read) = SpecReader.Read("spec.yaml", spec, bag);
        if (read is not null)
        {
            var plan = Planner.Plan(read);
            PlanRules.Check(plan, bag);
            if (!bag.HasErrors && mayRender?.Invoke(plan) != false)
                Renderer.Render(plan, bag);
        }
        return new Report(source, bag.InFileOrder);
    }
}
