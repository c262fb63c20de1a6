using Baker.Diagnostics;
using Baker.Roles.Ollama;
using Baker.Specs;

namespace Baker.Duo;

/// <summary>Rules of <c>duo</c>.</summary>
public static class DuoRules
{
    public static void Check(Spec spec, DiagnosticBag bag)
    {
        var duo = spec.Duo;
        var models = OllamaRole.Models(spec.Ollama);
        var model = (duo.Model ?? models[0]).Listed;
        // A list that could not be read has been reported; what is in it cannot be said.
        if (bag.IsTouched("ollama.models") || bag.IsBroken("duo.model"))
            return;
        if (duo.Model is not null && !models.Any(duo.Model.IsSame))
            bag.Add("duo.model", DuoMessages.NotPulled(duo.Model.Name, models.Select(m => m.Name)));
        var path = duo.Model is not null ? "duo.model" : spec.Ollama.Models is null ? "ollama.models" : "ollama.models[0]";
        var known = KnownModels.Find(model);
        var family = duo.Family ?? KnownModels.Family(model);
        if (duo.Family is null && known is null && family == KnownModels.OtherFamily && !bag.IsBroken("duo.family"))
            bag.Add(path, DuoMessages.UnknownFamily(model, family));
        if (known is not null && known.Family != family)
            bag.Add("duo.family", DuoMessages.OtherFamily(model, family, known.Family));
        CheckStanding(duo, model, known, path, bag);
        if ((duo.Features ?? []).Any(f => f.StartsWith("duo_agent_platform", StringComparison.Ordinal)) && !KnownModels.AgentFamilies.Contains(family))
            bag.Add("duo.features", DuoMessages.NotForAgents(family));
        if (KnownModels.BetaFamilies.Contains(family) && !duo.AcceptTestingTerms)
            bag.Add(path, DuoMessages.TermsNeeded(family));
        if (duo.OnlySelfHosted == false)
            bag.Add("duo.only_self_hosted", DuoMessages.LeavesSite());
    }

    private static void CheckStanding(DuoSpec duo, string model, KnownModel? known, string path, DiagnosticBag bag)
    {
        if (known?.Support == ModelSupport.Ended)
            bag.Add(path, DuoMessages.SupportEnded(model, KnownModels.Recommended));
        else if (known is null or { Support: ModelSupport.Compatible })
            bag.Add(path, DuoMessages.NotListed(model));
        if (known is { FitForChat: false } && (duo.Features is null || duo.Features.Value.Contains("duo_chat")))
            bag.Add(path, DuoMessages.UnfitForChat(model, KnownModels.Recommended));
    }
}
