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
        var model = duo.Model ?? models[0].Name;
        if (duo.Model is not null && models.All(m => m.Name != duo.Model))
            bag.Add("duo.model", DuoMessages.NotPulled(duo.Model, models.Select(m => m.Name)));
        var path = duo.Model is not null ? "duo.model" : "ollama.models";
        var known = KnownModels.Find(model);
        var family = duo.Family ?? known?.Family;
        if (family is null)
        {
            bag.Add("duo.family", DuoMessages.UnknownFamily(model, DuoShape.Families));
            return;
        }
        if (known is not null && known.Family != family)
            bag.Add("duo.family", DuoMessages.OtherFamily(model, family, known.Family));
        CheckStanding(duo, model, known, path, bag);
        if ((duo.Features ?? []).Any(f => f.StartsWith("duo_agent_platform", StringComparison.Ordinal)) && !KnownModels.AgentFamilies.Contains(family))
            bag.Add("duo.features", DuoMessages.NotForAgents(family, KnownModels.AgentFamilies));
        if (KnownModels.BetaFamilies.Contains(family) && !duo.AcceptTestingTerms)
            bag.Add("duo.accept_testing_terms", DuoMessages.TermsNeeded(family));
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
