using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baker.Clouds.Facts;

/// <summary>
/// A cloud in plan.json. Written by hand: which of several it is, the serializer would find out by reflection, and that takes longer than
/// all the rest of the plan.
/// </summary>
internal sealed class CloudSpecJson : JsonConverter<CloudSpec>
{
    public override void Write(Utf8JsonWriter writer, CloudSpec value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("cloud", value.Facts.Key);
        foreach (var (key, choice) in value.Choices)
            writer.WriteString(key, choice);
        writer.WriteString("location", value.Location);
        writer.WriteEndObject();
    }

    public override CloudSpec Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("a plan is written and never read");
}
