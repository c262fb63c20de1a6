using System.Buffers;
using System.Text;
using Scriban.Runtime;

namespace Baker.Rendering;

/// <summary>What templates print, in the bytes of the artifact it becomes: a string of it would be copied twice on the way.</summary>
/// <param name="room">For how many bytes there is room before it has to be copied.</param>
internal sealed class Utf8Output(int room) : IScriptOutput
{
    private readonly ArrayBufferWriter<byte> _bytes = new(room);

    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    public void Write(string text, int offset, int count) => Encoding.UTF8.GetBytes(text.AsSpan(offset, count), _bytes);

    public ValueTask WriteAsync(string text, int offset, int count, CancellationToken cancellationToken)
    {
        Write(text, offset, count);
        return ValueTask.CompletedTask;
    }
}
