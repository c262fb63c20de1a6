namespace Baker.Tests.Launching;

/// <summary>The launcher itself, against the plainest of clouds.</summary>
public sealed class MemoryLaunchTests : LaunchContract<MemoryAccount>
{
    /// <summary>Every call: they cost little here.</summary>
    protected override int Stride => 1;
}
