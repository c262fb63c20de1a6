using Baker.Diagnostics;

namespace Baker.Stack.Duo;

/// <summary>What can be said about models and how Duo uses them.</summary>
public static class DuoMessages
{
    public static Message NotPulled(string model, string list, IEnumerable<string> models) =>
        Message.Error("BKR621", $"\"{model}\" is not among {list}", $"add it there, or choose one of: {string.Join(", ", models)}");

    public static Message UnknownFamily(string model, string used) =>
        Message.Note("BKR622", $"GitLab has no family of its own for {model}; Baker enters it as {used}",
            "say otherwise with `family:` under duo");

    public static Message OtherFamily(string model, string seen, string known) =>
        Message.Warning("BKR623", $"\"{model}\" belongs to family {known}, not {seen}; prompts of the wrong family give poor answers",
            $"write {known}, or drop `family`");

    public static Message SupportEnded(string model, string recommended) =>
        Message.Note("BKR624", $"GitLab has ended support for {model}; it is good for a first look",
            $"for production use {recommended} or larger");

    public static Message NotListed(string model) =>
        Message.Note("BKR625", $"GitLab does not list {model}; it calls such models compatible, in beta and without support",
            "see the review page for listed models");

    public static Message UnfitForChat(string model, string recommended) =>
        Message.Note("BKR626", $"GitLab rates {model} as not compatible with Duo Chat; answers will be poor",
            $"for Chat use {recommended}");

    public static Message NotForFamily(string feature, string family, IEnumerable<string> families) =>
        Message.Error("BKR627", $"{feature} does not work with models of family {family}",
            $"drop the feature, or use a model of another family, such as gpt-oss:20b: {string.Join(", ", families)}");

    public static Message TermsNeeded(string family) =>
        Message.Note("BKR628", $"models of family {family} are beta in GitLab: somebody must accept its testing terms",
            "read them, then add `accept_testing_terms: true` under duo; without it Duo waits");

    public static Message LeavesSite() =>
        Message.Warning("BKR629", "with `only_self_hosted: false` features that are not listed send code to GitLab's vendors",
            "remove it to keep all code on the site");

    public static Message ShortContext(int tokens) =>
        Message.Warning("BKR630", $"agents send long prompts, and {tokens} tokens of context cut them off",
            $"write {DuoFeatures.ContextOfAgents} or more, and a GPU that holds it");

    public static Message NoTools(string model, string advice) =>
        Message.Warning("BKR631", $"\"{model}\" cannot call tools, and agents do nothing else", advice);
}
