using System.Collections.Immutable;
using Baker.Clouds.Facts;
using Baker.Duo;
using Baker.Roles.Gateway;
using Baker.Roles.GitLab;
using Baker.Roles.Ollama;
using Baker.Specs.Images;
using Baker.Specs.Mirrors;
using Baker.Specs.Network;

namespace Baker.Specs;

/// <summary>A whole spec as the user wrote it: typed, but without any default. What was not written is null.</summary>
public sealed record Spec(
    string Name, bool Evaluation, CloudSpec Cloud, NetworkSpec Network, SshSpec? Ssh,
    GitLabSpec GitLab, GatewaySpec Gateway, OllamaSpec Ollama, DuoSpec Duo,
    ImagesSpec Images, MirrorsSpec Mirrors, ImmutableSortedDictionary<string, string> Tags, string? KmsKey);
