using System.Text.Json.Serialization;

namespace Baker.Clouds.Facts;

/// <summary>The user's choice of a cloud and a place in it.</summary>
[JsonConverter(typeof(CloudSpecJson))]
public abstract record CloudSpec(CloudFacts Facts)
{
    /// <summary>The place as one line: a region, a project and region, or <c>local</c>. Part of a stack's identity.</summary>
    public abstract string Location { get; }

    /// <summary>What was chosen, by the spec's words.</summary>
    public abstract IEnumerable<(string Key, string? Value)> Choices { get; }

    /// <summary>What the cloud's own templates see of it, by name.</summary>
    public abstract IEnumerable<(string Name, string Value)> TemplateNames { get; }
}
