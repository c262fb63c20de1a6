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

    public static readonly ImmutableArray<Role> All = [GitLab, Gateway, new OllamaRole()];

    public static IEnumerable<string> Names => All.Select(r => r.Name);

    public static IEnumerable<ModelServerRole> ModelServers => All.OfType<ModelServerRole>();

    public static Role Of(string name) => All.First(r => r.Name == name);

    /// <summary>The roles that a stack has.</summary>
    public static IEnumerable<Role> RolesOf(Spec spec) => All.Where(r => r.IsIn(spec));

    public static ModelServerRole ModelServerOf(Spec spec) => RolesOf(spec).OfType<ModelServerRole>().First();
}
