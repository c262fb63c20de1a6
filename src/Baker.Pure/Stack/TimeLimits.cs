namespace Baker.Stack;

/// <summary>
/// How long the stations of a question wait for its answer, as far as Baker sets it. docs/machine.md has all of them in one table.
/// </summary>
public static class TimeLimits
{
    /// <summary>
    /// What a model gets for an answer, seconds: by GitLab, for the gateway, and by the gateway, for the model. Left alone, GitLab gives
    /// 60 (it takes up to 600)
    /// and the gateway 30 for a question of Chat; a model that runs on processors, or is loaded first, takes longer.
    /// </summary>
    public const int AnswerSeconds = 300;

    /// <summary>
    /// What the filter in front of the model server waits for the next word, seconds: longer than the gateway, so that it is never the
    /// first to give up.
    /// </summary>
    public const int FilterSeconds = AnswerSeconds + 30;

    /// <summary>What GitLab's own queue may take before it asks, seconds.</summary>
    public const int QueueSeconds = 30;
}
