using System.Text.Json.Serialization;
using Baker.Clouds.Aws;
using Baker.Clouds.Google;
using Baker.Clouds.Local;

namespace Baker.Clouds;

/// <summary>The user's choice of a cloud and a place in it.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "cloud")]
[JsonDerivedType(typeof(AwsSpec), "aws")]
[JsonDerivedType(typeof(GoogleSpec), "gcp")]
[JsonDerivedType(typeof(LocalSpec), "local")]
public abstract record CloudSpec([property: JsonIgnore] CloudFacts Facts)
{
    /// <summary>The place as one line: a region, a project and region, or <c>local</c>. Part of a stack's identity.</summary>
    public abstract string Location { get; }

    /// <summary>What the cloud's own templates see of it, by name.</summary>
    [JsonIgnore]
    public abstract IEnumerable<(string Name, string Value)> TemplateNames { get; }
}
