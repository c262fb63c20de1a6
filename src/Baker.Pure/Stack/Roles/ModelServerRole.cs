using System.Collections.Immutable;
using Baker.Language.Values;
using Baker.Stack.Duo;

namespace Baker.Stack.Roles;

/// <summary>A role that answers as the stack's model: what others may ask of it, whatever program it runs.</summary>
public abstract class ModelServerRole(RoleFacts facts) : Role(facts)
{
    /// <summary>A stack has this one where its spec names none.</summary>
    public virtual bool IsUsual => false;

    public override bool IsIn(Spec spec) => spec.Sections[Name].IsWritten
        || (IsUsual && !RoleCatalog.ModelServers.Any(r => spec.Sections[r.Name].IsWritten));

    /// <summary>Where the spec names its models.</summary>
    public string ModelsKey => $"{Name}.models";

    /// <summary>Where the spec says how many tokens it takes.</summary>
    public string ContextKey => $"{Name}.context_length";

    public abstract int Port { get; }

    /// <summary>What GitLab sends as the key of its API; GitLab and the gateway want one.</summary>
    public abstract string ApiToken { get; }

    /// <summary>How somebody finds a model that can call tools.</summary>
    public abstract string ToolsAdvice { get; }

    /// <summary>How GitLab stands to it, for the review page; null: it is listed.</summary>
    public abstract string? Standing { get; }

    public abstract string Version(Spec spec);

    /// <summary>Of what is installed; null where only the maker's own list can tell.</summary>
    public abstract string? Sha256(Spec spec);

    /// <summary>How that sum is known where it stands in no spec and no program.</summary>
    public abstract string SumsAdvice { get; }

    public abstract ImmutableArray<ModelName> Models(Spec spec);

    /// <summary>True where the spec names the models.</summary>
    public abstract bool NamesModels(Spec spec);

    public abstract int ContextLength(Spec spec);

    /// <summary>What a model takes in its memory.</summary>
    public abstract ModelMemory Memory(Spec spec, string model);

    /// <summary>What the review page says of how it is set up.</summary>
    public abstract IEnumerable<string> Notes(MachinePlan machine, StackPlan stack);
}
