using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Baker.Clouds.Live.Google.Wire;

namespace Baker.Clouds.Live.Google;

/// <summary>Secret Manager's v1 API. A path is <c>projects/P/secrets/NAME</c>.</summary>
/// <param name="root">Ends with a slash.</param>
internal sealed class SecretManager(GoogleBorder border, string root)
{
    private static readonly GoogleJson Json = GoogleJson.Default;

    public Task<Answer<Secret>> GetAsync(string path, string doing, CancellationToken cancel) =>
        border.SendAsync(doing, HttpMethod.Get, Url(path), null, Json.Secret, cancel);

    public Task<Answer<SecretVersion>> LatestAsync(string path, string doing, CancellationToken cancel) =>
        border.SendAsync(doing, HttpMethod.Get, Url($"{path}/versions/latest"), null, Json.SecretVersion, cancel);

    public Task<Answer<Secret>> CreateAsync(string path, Secret secret, string doing, CancellationToken cancel)
    {
        var at = path.LastIndexOf('/');
        return border.SendAsync(doing, HttpMethod.Post, Url($"{path[..at]}?secretId={path[(at + 1)..]}"), Bytes(secret, Json.Secret),
            Json.Secret, cancel);
    }

    public Task<Answer<Secret>> SetLabelsAsync(
        string path, IReadOnlyDictionary<string, string> labels, string doing, CancellationToken cancel) =>
        border.SendAsync(doing, HttpMethod.Patch, Url($"{path}?updateMask=labels"), Bytes(new Secret(Labels: labels), Json.Secret),
            Json.Secret, cancel);

    public Task<Answer<SecretVersion>> AddAsync(string path, ReadOnlyMemory<byte> value, string doing, CancellationToken cancel) =>
        border.SendAsync(doing, HttpMethod.Post, Url($"{path}:addVersion"),
            Bytes(new AddSecretVersionRequest(new SecretPayload(value.ToArray())), Json.AddSecretVersionRequest), Json.SecretVersion,
            cancel);

    /// <param name="etag">Only this state of it; null: any.</param>
    public Task<Answer<Empty>> DeleteAsync(string path, string? etag, string doing, CancellationToken cancel) =>
        border.SendAsync(doing, HttpMethod.Delete, Url(path + (etag is null ? "" : $"?etag={Uri.EscapeDataString(etag)}")), null,
            Json.Empty, cancel);

    public Task<Answer<Policy>> PolicyAsync(string path, string doing, CancellationToken cancel) =>
        border.SendAsync(doing, HttpMethod.Get, Url($"{path}:getIamPolicy?options.requestedPolicyVersion=3"), null, Json.Policy, cancel);

    public Task<Answer<Policy>> SetPolicyAsync(string path, Policy policy, string doing, CancellationToken cancel) =>
        border.SendAsync(doing, HttpMethod.Post, Url($"{path}:setIamPolicy"),
            Bytes(new SetIamPolicyRequest(policy), Json.SetIamPolicyRequest), Json.Policy, cancel);

    private string Url(string path) => $"{root}v1/{path}";

    private static byte[] Bytes<T>(T body, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(body, type);
}
