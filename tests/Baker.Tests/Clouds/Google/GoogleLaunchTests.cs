using Baker.Tests.Launching;

namespace Baker.Tests.Clouds.Google;

/// <summary>The same trials as of every cloud, over the real client and its wire format.</summary>
public sealed class GoogleLaunchTests : LaunchContract<GoogleAccountFake>;
