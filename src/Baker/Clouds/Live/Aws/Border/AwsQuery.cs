using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Auth;

namespace Baker.Clouds.Live.Aws.Border;

/// <summary>
/// Asks a service of AWS that speaks its query protocol: forms there, XML back. For services whose client of the vendor's is not used; the
/// signature is
/// made by the vendor's signer.
/// </summary>
/// <param name="service">As in the signature's scope.</param>
/// <param name="version">Of the service's API.</param>
/// <param name="credentials">Asked for at the first request.</param>
internal sealed class AwsQuery(Uri endpoint, string service, string region, string version, Func<AWSCredentials> credentials,
    HttpClient http, TimeProvider time) : IDisposable
{
    private const string ContentType = "application/x-www-form-urlencoded; charset=utf-8";

    /// <returns>What is in the answer's result, without namespaces.</returns>
    /// <exception cref="AmazonServiceException">A refusal, with its code.</exception>
    /// <exception cref="AwsForeignAnswerException">Somebody else has answered.</exception>
    public async Task<XElement> AskAsync(string action, CancellationToken cancel, params (string Name, string Value)[] parameters)
    {
        var body = string.Join('&', parameters.Prepend(("Version", version)).Prepend(("Action", action))
            .Select(p => $"{p.Item1}={Uri.EscapeDataString(p.Item2)}"));
        using var request = await SignedAsync(body);
        using var answer = await http.SendAsync(request, cancel);
        var text = await answer.Content.ReadAsStringAsync(cancel);
        var root = Read(text);
        if (answer.IsSuccessStatusCode)
            return root?.Name == $"{action}Response" ? root.Element($"{action}Result") ?? root : throw new AwsForeignAnswerException();
        var error = root?.Element("Error");
        throw new AmazonServiceException(error?.Element("Message")?.Value ?? $"HTTP {(int)answer.StatusCode}", null, ErrorType.Unknown,
            error?.Element("Code")?.Value ?? answer.StatusCode.ToString(), "", answer.StatusCode);
    }

    public void Dispose() => http.Dispose();

    private async Task<HttpRequestMessage> SignedAsync(string body)
    {
        var keys = await credentials().GetCredentialsAsync();
        var now = time.GetUtcNow().UtcDateTime;
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["content-type"] = ContentType,
            ["host"] = endpoint.Authority,
            ["x-amz-date"] = now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture),
        };
        if (keys.UseToken)
            headers["x-amz-security-token"] = keys.Token;
        var names = string.Join(';', headers.Keys);
        var canonical = $"POST\n/\n\n{string.Concat(headers.Select(h => $"{h.Key}:{h.Value}\n"))}\n{names}\n{Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(body)))}";
        var signed = AWS4Signer.ComputeSignature(keys, region, now, service, names, canonical);
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new StringContent(body) };
        request.Content.Headers.Remove("Content-Type");
        request.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        foreach (var (name, value) in headers.Where(h => h.Key.StartsWith("x-amz-", StringComparison.Ordinal)))
            request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.TryAddWithoutValidation("Authorization", signed.ForAuthorizationHeader);
        return request;
    }

    private static XElement? Read(string text)
    {
        try
        {
            var root = XElement.Parse(text);
            foreach (var element in root.DescendantsAndSelf())
                element.Name = element.Name.LocalName;
            return root;
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
