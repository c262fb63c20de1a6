using System.Net;
using System.Text;

namespace Baker.Tests.Machine;

/// <summary>Answers one request on loopback and keeps what was sent.</summary>
internal sealed class Recorder : IDisposable
{
    private readonly HttpListener _listener = new();

    public Recorder(int port)
    {
        Url = $"http://127.0.0.1:{port}/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
    }

    public string Url { get; }

    public Dictionary<string, string> Headers { get; } = [];

    public string Body { get; private set; } = "";

    public async Task AnswerAsync(string json)
    {
        var context = await _listener.GetContextAsync();
        foreach (var name in context.Request.Headers.AllKeys)
            Headers[name!.ToLowerInvariant()] = context.Request.Headers[name]!;
        using (var reader = new StreamReader(context.Request.InputStream))
            Body = await reader.ReadToEndAsync();
        context.Response.ContentType = "application/x-amz-json-1.1";
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(json));
        context.Response.Close();
    }

    public void Dispose() => _listener.Close();
}
