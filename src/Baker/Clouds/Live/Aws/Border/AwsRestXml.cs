using System.Xml.Linq;
using Amazon.Runtime;

namespace Baker.Clouds.Live.Aws.Border;

/// <summary>Asks a service of AWS that speaks its protocol of paths and XML.</summary>
/// <param name="version">Of the service's API; every path begins with it.</param>
internal sealed class AwsRestXml(AwsSignature signature, string version, HttpClient http) : IDisposable
{
    private const string ContentType = "text/xml";

    /// <summary>The namespace of what is sent.</summary>
    private XNamespace Namespace => $"https://route53.amazonaws.com/doc/{version}/";

    /// <param name="operation">Its answer's root begins with it.</param>
    /// <param name="query">What has no value is left out.</param>
    /// <param name="body">Without a namespace; null: there is none, and something is asked for.</param>
    /// <returns>The answer, without namespaces.</returns>
    /// <exception cref="AmazonServiceException">A refusal, with its code.</exception>
    /// <exception cref="AwsForeignAnswerException">Somebody else has answered.</exception>
    public async Task<XElement> AskAsync(
        string operation, string path, IEnumerable<(string Name, string? Value)> query, XElement? body, CancellationToken cancel)
    {
        var asked = string.Join('&', query.Where(q => q.Value is not null)
            .Select(q => $"{Uri.EscapeDataString(q.Name)}={Uri.EscapeDataString(q.Value!)}").Order(StringComparer.Ordinal));
        foreach (var element in body?.DescendantsAndSelf() ?? [])
            element.Name = Namespace + element.Name.LocalName;
        using var request = await signature.SignedAsync(new AwsRequest(body is null ? HttpMethod.Get : HttpMethod.Post,
            $"/{version}/{path}", asked, body?.ToString(SaveOptions.DisableFormatting) ?? "", ContentType));
        using var answer = await http.SendAsync(request, cancel);
        var root = AwsXml.Read(await answer.Content.ReadAsStringAsync(cancel));
        if (answer.IsSuccessStatusCode)
            return root?.Name == $"{operation}Response" ? root : throw new AwsForeignAnswerException();
        // What is wrong with a batch may come under a root of its own, without a code.
        var error = root?.Name == "ErrorResponse" ? root.Element("Error") : root;
        var messages = error?.Descendants("Message").Select(m => m.Value).ToArray() ?? [];
        throw new AmazonServiceException(messages.Length > 0 ? string.Join("; ", messages) : $"HTTP {(int)answer.StatusCode}", null,
            ErrorType.Unknown, error?.Element("Code")?.Value ?? (root?.Name == "InvalidChangeBatch" ? root.Name.LocalName : ""), "",
            answer.StatusCode);
    }

    public void Dispose() => http.Dispose();
}
