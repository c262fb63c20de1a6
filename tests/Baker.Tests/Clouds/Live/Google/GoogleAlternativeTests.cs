using Baker.Tests.Launching;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>On Compute Engine, with its wire format.</summary>
public sealed class GoogleAlternativeTests : AlternativeContract<GoogleAccountFake>;
