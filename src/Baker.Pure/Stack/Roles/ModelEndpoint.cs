namespace Baker.Stack.Roles;

/// <summary>All that other roles may know of a model server.</summary>
/// <param name="Url">Base URL of the OpenAI-compatible API, <c>/v1</c> included.</param>
/// <param name="Model">The model's name there.</param>
public sealed record ModelEndpoint(string Url, string Model);
