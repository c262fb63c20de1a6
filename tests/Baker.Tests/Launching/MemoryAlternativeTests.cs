namespace Baker.Tests.Launching;

/// <summary>The launcher itself, against the plainest of clouds.</summary>
public sealed class MemoryAlternativeTests : AlternativeContract<MemoryAccount>;
