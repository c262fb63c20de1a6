namespace Baker.Cli;

/// <summary>
/// Standard input, of which a read ends when the command is cancelled. The system's own waits for whoever types, and a signal that was
/// taken care of does not end that.
/// </summary>
internal sealed class StandardInput(Stream inner, CancellationToken cancel) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <exception cref="OperationCanceledException">Nobody waits for it any more. The thread that reads ends with the program.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        var reading = Task.Run(() => inner.Read(buffer, offset, count), CancellationToken.None);
        reading.WaitAsync(cancel).GetAwaiter().GetResult();
        return reading.Result;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
