using System.Net;

namespace Baker.Tests.Support;

/// <summary>A web server on the loopback device with some files, which may break off in the middle of one.</summary>
public sealed class LoopbackFiles() : LoopbackServer("noble/")
{
    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>After so many bytes of a file the connection breaks; null: never.</summary>
    public int? BreakAfter { get; set; }

    /// <summary>Each request: the file, and the range that was asked for.</summary>
    public List<string> Asked { get; } = [];

    protected override async Task AnswerAsync(HttpListenerContext context)
    {
        var name = Path.GetFileName(context.Request.Url!.AbsolutePath);
        var range = context.Request.Headers["Range"];
        Asked.Add(range is null ? name : $"{name} {range}");
        var response = context.Response;
        if (!Files.TryGetValue(name, out var content))
        {
            response.StatusCode = 404;
            response.Close();
            return;
        }
        var from = range is null ? 0 : int.Parse(range["bytes=".Length..^1]);
        if (from >= content.Length)
        {
            response.StatusCode = 416;
            response.Close();
            return;
        }
        response.StatusCode = range is null ? 200 : 206;
        response.ContentLength64 = content.Length - from;
        var length = Math.Min(content.Length - from, BreakAfter ?? int.MaxValue);
        try
        {
            await response.OutputStream.WriteAsync(content.AsMemory(from, length));
            await response.OutputStream.FlushAsync();
            if (length < content.Length - from)
                response.Abort();
            else
                response.Close();
        }
        catch (HttpListenerException)
        {
            // The other side hung up.
        }
    }
}
