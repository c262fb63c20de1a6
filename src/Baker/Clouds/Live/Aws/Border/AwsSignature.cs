using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Auth;

namespace Baker.Clouds.Live.Aws.Border;

/// <summary>Requests to a service whose client of the vendor's is not used. The signature is made by the vendor's signer.</summary>
/// <param name="service">As in the signature's scope.</param>
/// <param name="credentials">Asked for at the first request.</param>
internal sealed class AwsSignature(Uri endpoint, string service, string region, Func<AWSCredentials> credentials, TimeProvider time)
{
    /// <param name="target">The operation, where the protocol has it in a header; null: it has not.</param>
    public Task<HttpRequestMessage> SignedAsync(string body, string contentType, string? target = null) =>
        SignedAsync(new AwsRequest(HttpMethod.Post, "/", "", body, contentType) { Target = target });

    public async Task<HttpRequestMessage> SignedAsync(AwsRequest asked)
    {
        var keys = await credentials().GetCredentialsAsync();
        var now = time.GetUtcNow().UtcDateTime;
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["content-type"] = asked.ContentType,
            ["host"] = endpoint.Authority,
            ["x-amz-date"] = now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture),
        };
        if (keys.UseToken)
            headers["x-amz-security-token"] = keys.Token;
        if (asked.Target is not null)
            headers["x-amz-target"] = asked.Target;
        var names = string.Join(';', headers.Keys);
        var canonical = $"{asked.Method}\n{asked.Path}\n{asked.Query}\n"
            + $"{string.Concat(headers.Select(h => $"{h.Key}:{h.Value}\n"))}\n{names}\n"
            + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(asked.Body)));
        var signed = AWS4Signer.ComputeSignature(keys, region, now, service, names, canonical);
        var request = new HttpRequestMessage(asked.Method,
            new Uri(endpoint, asked.Path + (asked.Query.Length > 0 ? $"?{asked.Query}" : "")))
        {
            Content = new StringContent(asked.Body),
        };
        request.Content.Headers.Remove("Content-Type");
        request.Content.Headers.TryAddWithoutValidation("Content-Type", asked.ContentType);
        foreach (var (name, value) in headers.Where(h => h.Key.StartsWith("x-amz-", StringComparison.Ordinal)))
            request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.TryAddWithoutValidation("Authorization", signed.ForAuthorizationHeader);
        return request;
    }
}

/// <summary>A request before it is signed.</summary>
/// <param name="Path">As sent.</param>
/// <param name="Query">As sent, in the order of names; empty: none.</param>
internal sealed record AwsRequest(HttpMethod Method, string Path, string Query, string Body, string ContentType)
{
    /// <summary>The operation, where the protocol has it in a header; null: it has not.</summary>
    public string? Target { get; init; }
}
