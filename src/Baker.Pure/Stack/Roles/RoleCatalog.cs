using System.Collections.Immutable;
using Baker.Stack.Roles.Gateway;
using Baker.Stack.Roles.GitLab;
using Baker.Stack.Roles.Ollama;

namespace Baker.Stack.Roles;

/// <summary>Every role, one line each, in the order in which people think of them.</summary>
public static class RoleCatalog
{
    public static readonly GitLabRole GitLab = new();
    public static readonly GatewayRole Gateway = new();
    public static readonly OllamaRole Ollama = new();

    public static readonly ImmutableArray<Role> All = [GitLab, Gateway, Ollama];

    public static IEnumerable<string> Names => ["gitlab", "gateway", "ollama"];
}
