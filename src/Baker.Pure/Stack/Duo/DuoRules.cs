using Baker.Diagnostics;
using Baker.Stack.Roles;

namespace Baker.Stack.Duo;

/// <summary>Rules of <c>duo</c>.</summary>
public static class DuoRules
{
    public static void Check(Spec spec, DiagnosticBag bag)
    {
        var duo = spec.Duo;
        var server = RoleCatalog.ModelServerOf(spec);
        var models = server.Models(spec);
        var model = (duo.Model ?? models[0]).Listed;
        // A list that could not be read has been reported; what is in it cannot be said.
        if (bag.IsTouched(server.ModelsKey) || bag.IsBroken("duo.model"))
            return;
        if (duo.Model is not null && !models.Any(duo.Model.IsSame))
            bag.Add("duo.model", DuoMessages.NotPulled(duo.Model.Name, server.ModelsKey, models.Select(m => m.Name)));
        var path = duo.Model is not null ? "duo.model" : server.NamesModels(spec) ? $"{server.ModelsKey}[0]" : server.ModelsKey;
        var known = KnownModels.Find(model);
        var family = duo.Family ?? KnownModels.Family(model);
        if (duo.Family is null && known is null && family == KnownModels.OtherFamily && !bag.IsBroken("duo.family"))
            bag.Add(path, DuoMessages.UnknownFamily(model, family));
        // GitLab's family for models without one is nobody's own: every other may be right.
        if (known is not null && known.Family != family && known.Family != KnownModels.OtherFamily)
            bag.Add("duo.family", DuoMessages.OtherFamily(model, family, known.Family));
        CheckStanding(duo, model, known, path, bag);
        CheckFeatures(spec, server, model, family, path, bag);
        if (KnownModels.BetaFamilies.Contains(family) && !duo.AcceptTestingTerms)
            bag.Add(path, DuoMessages.TermsNeeded(family));
        if (duo.OnlySelfHosted == false)
            bag.Add("duo.only_self_hosted", DuoMessages.LeavesSite());
    }

    private static void CheckFeatures(Spec spec, ModelServerRole server, string model, string family, string path, DiagnosticBag bag)
    {
        var features = spec.Duo.Features ?? [];
        foreach (var feature in features.Where(f => DuoFeatures.Families(f)?.Contains(family) == false))
            bag.Add($"duo.features[{features.IndexOf(feature)}]",
                DuoMessages.NotForFamily(feature, family, DuoFeatures.Families(feature)!.Value));
        if (!features.Any(DuoFeatures.OfAgents.Contains))
            return;
        var context = server.ContextLength(spec);
        if (context < DuoFeatures.ContextOfAgents)
            bag.Add(server.ContextKey, DuoMessages.ShortContext(context));
        if (!KnownModels.HasTools(model))
            bag.Add(path, DuoMessages.NoTools(model, server.ToolsAdvice));
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
