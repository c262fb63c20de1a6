using System.Text;

namespace Baker.Diagnostics;

/// <summary>
/// What people and programs read, whoever said it first: a VM, a cloud, a spec. Characters that steer a terminal, reorder text or
/// cannot be seen become dots on their way out. Line breaks and tabs stay.
/// </summary>
/// <param name="inner">Everything is written there at once, also by the asynchronous calls: a console has its reasons (see
/// <c>Program.cs</c>).</param>
internal sealed class PrintableWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write([value]);

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (buffer.ContainsAnyExcept(Printable.Plain))
            inner.Write(Printable.Page(buffer));
        else
            inner.Write(buffer);
    }

    /// <summary>In one piece: several may write at once.</summary>
    public override void WriteLine(string? value) => Write($"{value}\n".AsSpan());

    public override Task WriteAsync(char value) => Done(() => Write(value));

    public override Task WriteAsync(string? value) => Done(() => Write(value));

    public override Task WriteLineAsync(string? value) => Done(() => WriteLine(value));

    public override void Flush() => inner.Flush();

    public override Task FlushAsync() => Done(Flush);

    private static Task Done(Action write)
    {
        write();
        return Task.CompletedTask;
    }
}
