namespace Baker.Clouds.Live.Google.Wire;

/// <summary>A service account, in IAM's words.</summary>
internal sealed record IamServiceAccount(string? Email = null, bool? Disabled = null, string? DisplayName = null,
    string? Description = null);

internal sealed record CreateServiceAccountRequest(string? AccountId = null, IamServiceAccount? ServiceAccount = null);

/// <summary>A policy of the organisation, as it holds for a project.</summary>
internal sealed record OrgPolicy(string? Name = null, OrgPolicySpec? Spec = null);

internal sealed record OrgPolicySpec(IReadOnlyList<OrgPolicyRule>? Rules = null);

/// <param name="Condition">Holds for some resources only, by their tags.</param>
internal sealed record OrgPolicyRule(OrgPolicyValues? Values = null, bool? AllowAll = null, bool? DenyAll = null, bool? Enforce = null,
    System.Text.Json.JsonElement? Condition = null);

internal sealed record OrgPolicyValues(IReadOnlyList<string>? AllowedValues = null, IReadOnlyList<string>? DeniedValues = null);
