namespace Baker.Cli;

/// <summary>Standard error. A terminal that has gone takes no talk with it into what still has to be done: a lock is given back.</summary>
internal sealed class Talk(Stream inner) : Stream
{
    private bool _isGone;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count) => Try(() => inner.Write(buffer, offset, count));

    public override void Flush() => Try(inner.Flush);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Try(Action write)
    {
        if (_isGone)
            return;
        try
        {
            write();
        }
        catch (IOException)
        {
            // Nobody is listening any more; the exit code still speaks.
            _isGone = true;
        }
    }
}
