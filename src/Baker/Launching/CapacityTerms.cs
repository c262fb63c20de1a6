namespace Baker.Launching;

/// <summary>What somebody accepts where a zone has no room for a machine.</summary>
/// <param name="Limit">How long it is tried again.</param>
/// <param name="MayLose">A machine is stopped or deleted also where no room is kept for what comes after it.</param>
public sealed record CapacityTerms(TimeSpan Limit, bool MayLose);
