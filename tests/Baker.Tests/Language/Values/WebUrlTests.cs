using Baker.Language.Values;
using Xunit;

namespace Baker.Tests.Language.Values;

public sealed class WebUrlTests
{
    [Theory]
    [InlineData("https://mirror.example.com", true, true)]
    [InlineData("HTTPS://Mirror.example.com:8443/", true, true)]
    [InlineData("http://proxy.example.com:3128", true, true)]
    [InlineData("https://mirror.example.com/ubuntu", true, false)]
    [InlineData("http://proxy.example.com:3128/proxy.pac", true, false)]
    [InlineData("https://mirror.example.com/models?token=1", false, false)]
    [InlineData("http://proxy.example.com:3128?x", false, false)]
    [InlineData("https://mirror.example.com/#models", false, false)]
    [InlineData("mirror.example.com", false, false)]
    public void What_is_behind_the_host_is_refused_where_programs_take_none(string text, bool isBase, bool isProxy) =>
        Assert.Equal((isBase, isProxy), (WebUrl.Base.Problem(text) is null, WebUrl.Proxy.Problem(text) is null));
}
