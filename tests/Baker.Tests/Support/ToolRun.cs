using Xunit;

namespace Baker.Tests.Support;

/// <summary>How a program ended and what it said.</summary>
public sealed record ToolRun(int Code, string Out, string Error)
{
    /// <summary>Everything it said, for a person to read.</summary>
    public string Words => Out + Error;

    /// <summary>Its output, when it ended well.</summary>
    public string Require()
    {
        Assert.True(Code == 0, $"exit code {Code}\n{Words}");
        return Out;
    }
}
