using System.Collections.Immutable;

namespace Baker.Stack.Duo;

/// <summary>
/// The features of GitLab Duo that a model of one's own can serve, in GitLab's words. Source: AiFeatures of GitLab's GraphQL, 19.4;
/// families:
/// GitLab's ee/lib/gitlab/ai/feature_settings/feature_metadata.yml, 19.0 and 19.4; as of 2026-11-29. A GitLab VM asks its own version
/// which it knows.
/// </summary>
public static class DuoFeatures
{
    /// <summary>Those that the agents' service of the gateway serves.</summary>
    public static readonly ImmutableArray<string> OfAgents =
    [
        "duo_agent_platform", "duo_agent_platform_agentic_chat", "duo_developer", "feature_discovery_search", "resolve_dependency_bump",
        "review_merge_request_dap", "sast_vulnerability_fp_detection", "sast_vulnerability_resolution",
        "secret_vulnerability_fp_detection", "security_review",
    ];

    public static readonly ImmutableArray<string> All =
    [
        "code_completions", "code_generations", "duo_chat", "duo_chat_explain_code", "duo_chat_write_tests", "duo_chat_refactor_code",
        "duo_chat_fix_code", "duo_chat_troubleshoot_job", "duo_chat_explain_vulnerability", "duo_chat_summarize_comments",
        "review_merge_request", "generate_commit_message", "summarize_new_merge_request", "summarize_review", "resolve_vulnerability",
        "glab_ask_git_command", .. OfAgents,
    ];

    /// <summary>The fewest tokens of context with which agents were seen to work.</summary>
    public const int ContextOfAgents = 32_768;

    private static readonly ImmutableArray<string> FamiliesOfAgents = ["claude_3", "gemini", "general", "gpt", "mistral", "qwen"];

    private static readonly ImmutableArray<string> FamiliesOfSecurity = ["claude_3", "general", "gpt"];

    /// <summary>The families that serve a feature; null where every one may.</summary>
    public static ImmutableArray<string>? Families(string feature) => feature switch
    {
        "sast_vulnerability_fp_detection" or "sast_vulnerability_resolution" or "secret_vulnerability_fp_detection" or "security_review" =>
            FamiliesOfSecurity,
        "code_completions" or "code_generations" => DuoShape.Families.Remove("gemini"),
        _ when OfAgents.Contains(feature) => FamiliesOfAgents,
        _ => null,
    };
}
