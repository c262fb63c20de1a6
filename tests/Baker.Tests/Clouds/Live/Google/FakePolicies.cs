using System.Text.Json.Nodes;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>A pretended Organization Policy: what is not named here is allowed.</summary>
internal sealed class FakePolicies
{
    /// <summary>Rules by constraint, as <c>PolicySpec.rules</c> has them.</summary>
    public Dictionary<string, JsonArray> Rules { get; } = [];

    /// <param name="path">From <c>v2/</c> on.</param>
    public FakeAnswer Call(string path)
    {
        var constraint = path.Split('/')[^1].Split(':')[0];
        var rules = Rules.GetValueOrDefault(constraint) ?? [new JsonObject { [constraint.Contains(".disable", StringComparison.Ordinal) ? "enforce" : "allowAll"] = !constraint.Contains(".disable", StringComparison.Ordinal) }];
        return FakeAnswer.Ok(new JsonObject { ["name"] = $"projects/1/policies/{constraint}", ["spec"] = new JsonObject { ["rules"] = rules.DeepClone() } });
    }
}
