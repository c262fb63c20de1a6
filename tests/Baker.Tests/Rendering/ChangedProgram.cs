using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using Baker.Cli;
using Baker.Embedded;
using Baker.Tests.Support;

namespace Baker.Tests.Rendering;

/// <summary>
/// The program with one line of every script changed, beside the one under test. The scripts lie in one of the program's files as they are, so that
/// bytes of a copy of it are written over and the copy is loaded.
/// </summary>
internal sealed class ChangedProgram
{
    /// <summary>What was changed: every file that a machine gets as it is.</summary>
    public static readonly ImmutableArray<string> Scripts = [.. EmbeddedFiles.Names.Where(n =>
        n.Split('/')[0] is "machine" or "packer" or "builder" && !n.EndsWith(".scriban", StringComparison.Ordinal) && !n.EndsWith(".hcl", StringComparison.Ordinal))];

    private readonly Assembly _assembly;

    public ChangedProgram()
    {
        var carrier = File.ReadAllBytes(typeof(EmbeddedFiles).Assembly.Location);
        foreach (var script in Scripts)
            Change(carrier, script);
        _assembly = new Beside(carrier).LoadFromStream(new MemoryStream(File.ReadAllBytes(typeof(BakerCli).Assembly.Location)));
    }

    public async Task<BakerRun> RunAsync(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var world = Activator.CreateInstance(_assembly.GetType(typeof(World).FullName!)!, TextReader.Null, output, error, Checkout.Root, false);
        var run = _assembly.GetType(typeof(BakerCli).FullName!)!.GetMethod(nameof(BakerCli.RunAsync))!;
        var code = await (Task<int>)run.Invoke(null, [args, world, CancellationToken.None])!;
        return new BakerRun(code, output.ToString(), error.ToString());
    }

    private static void Change(byte[] program, string script)
    {
        var bytes = EmbeddedFiles.Bytes(script);
        var resource = new byte[4 + bytes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(resource, bytes.Length);
        bytes.CopyTo(resource, 4);
        var at = program.AsSpan().IndexOf(resource) + 4;
        if (at < 4)
            throw new InvalidOperationException($"{script} is not in the program as it is");
        // Its longest line becomes a comment, which the machine does not get: sizes change, too, and nothing becomes too large.
        var lines = new List<Range>();
        foreach (var range in bytes.AsSpan().Split((byte)'\n'))
        {
            if (range.Start.Value > 0 && !bytes.AsSpan()[range].TrimStart((byte)' ').StartsWith("#"u8))
                lines.Add(range);
        }
        // A file of one line would be gone: there a letter becomes the next one.
        if (lines.Count(l => l.Start.Value < l.End.Value) > 1)
            program[at + lines.MaxBy(l => l.End.Value - l.Start.Value).Start.Value] = (byte)'#';
        else
            program[at + bytes.AsSpan().LastIndexOfAnyInRange((byte)'a', (byte)'y')]++;
    }

    // What else the program needs is found where the one under test has it.
    private sealed class Beside(byte[] carrier) : AssemblyLoadContext("changed")
    {
        private Assembly? _carrier;

        protected override Assembly? Load(AssemblyName name) => name.Name == typeof(EmbeddedFiles).Assembly.GetName().Name
            ? _carrier ??= LoadFromStream(new MemoryStream(carrier)) : null;
    }
}
