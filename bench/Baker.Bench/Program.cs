using System.Diagnostics;
using System.Text;
using Baker.Diagnostics;
using Baker.Planning;
using Baker.Rendering;
using Baker.Stack;

// Renders many different stacks in one process, from the bytes of a spec to the bytes of every artifact, and prints for each
// number of stacks the time per stack, and at the end the peak of memory. First argument: a spec whose name is `duo`.
var text = File.ReadAllText(args[0]);
RenderMany(50);
foreach (var count in new[] { 100, 1_000, 10_000 })
{
    var began = Stopwatch.GetTimestamp();
    var bytes = RenderMany(count);
    var elapsed = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    Console.Out.WriteLine($"{count,6} stacks: {elapsed / count:0.000} ms each, {bytes / count:#,0} bytes each");
}
using var process = Process.GetCurrentProcess();
Console.Out.WriteLine($"peak memory: {process.PeakWorkingSet64 / 1_000_000} MB");

long RenderMany(int count)
{
    long bytes = 0;
    for (var i = 0; i < count; i++)
    {
        var bag = new DiagnosticBag();
        var (_, spec) = SpecReader.Read("bench.yaml", Encoding.UTF8.GetBytes(text.Replace("name: duo", $"name: duo{i}", StringComparison.Ordinal)), bag);
        var plan = Planner.Plan(spec ?? throw new InvalidOperationException("the spec cannot be read"));
        PlanRules.Check(plan, bag);
        var artifacts = Renderer.Render(plan, bag);
        if (bag.HasErrors)
            throw new InvalidOperationException("the spec has errors");
        bytes += artifacts.Files.Sum(f => (long)f.Bytes.Length);
    }
    return bytes;
}
