using System.Xml.Linq;
using Amazon.Runtime;

namespace Baker.Clouds.Live.Aws.Border;

/// <summary>Asks a service of AWS that speaks its query protocol: forms there, XML back.</summary>
/// <param name="version">Of the service's API.</param>
internal sealed class AwsQuery(AwsSignature signature, string version, HttpClient http) : IDisposable
{
    private const string ContentType = "application/x-www-form-urlencoded; charset=utf-8";

    /// <returns>What is in the answer's result, without namespaces.</returns>
    /// <exception cref="AmazonServiceException">A refusal, with its code.</exception>
    /// <exception cref="AwsForeignAnswerException">Somebody else has answered.</exception>
    public async Task<XElement> AskAsync(string action, CancellationToken cancel, params (string Name, string Value)[] parameters)
    {
        var body = string.Join('&', parameters.Prepend(("Version", version)).Prepend(("Action", action))
            .Select(p => $"{p.Item1}={Uri.EscapeDataString(p.Item2)}"));
        using var request = await signature.SignedAsync(body, ContentType);
        using var answer = await http.SendAsync(request, cancel);
        var text = await answer.Content.ReadAsStringAsync(cancel);
        var root = AwsXml.Read(text);
        if (answer.IsSuccessStatusCode)
            return root?.Name == $"{action}Response" ? root.Element($"{action}Result") ?? root : throw new AwsForeignAnswerException();
        var error = root?.Element("Error");
        throw new AmazonServiceException(error?.Element("Message")?.Value ?? $"HTTP {(int)answer.StatusCode}", null, ErrorType.Unknown,
            error?.Element("Code")?.Value ?? answer.StatusCode.ToString(), "", answer.StatusCode);
    }

    public void Dispose() => http.Dispose();
}
