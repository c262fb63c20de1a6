namespace Baker.Clouds.Live.Google.Wire;

/// <summary>A secret of Secret Manager, without its value.</summary>
/// <param name="Name"><c>projects/NUMBER/secrets/NAME</c>.</param>
/// <param name="Annotations">Free text, unlike labels.</param>
internal sealed record Secret(
    string? Name = null, Replication? Replication = null, IReadOnlyDictionary<string, string>? Labels = null,
    IReadOnlyDictionary<string, string>? Annotations = null,
    string? Etag = null);

internal sealed record Replication(Automatic? Automatic = null, UserManaged? UserManaged = null);

internal sealed record Automatic(CustomerManagedEncryption? CustomerManagedEncryption = null);

internal sealed record UserManaged(IReadOnlyList<Replica>? Replicas = null);

internal sealed record Replica(string? Location = null, CustomerManagedEncryption? CustomerManagedEncryption = null);

internal sealed record CustomerManagedEncryption(string? KmsKeyName = null);

/// <param name="State"><c>ENABLED</c>, <c>DISABLED</c> or <c>DESTROYED</c>.</param>
internal sealed record SecretVersion(string? Name = null, string? State = null);

internal sealed record AddSecretVersionRequest(SecretPayload? Payload = null);

/// <param name="Data">Base64 on the wire.</param>
internal sealed record SecretPayload(byte[]? Data = null);

internal sealed record Policy(int? Version = null, IReadOnlyList<Binding>? Bindings = null, string? Etag = null);

internal sealed record Binding(string? Role = null, IReadOnlyList<string>? Members = null, System.Text.Json.JsonElement? Condition = null);

internal sealed record SetIamPolicyRequest(Policy? Policy = null);

internal sealed record Empty;
