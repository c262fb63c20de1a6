using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Baker.Language.Secrets;

namespace Baker.Language.Shapes;

/// <summary>Writes the tree of shapes as a JSON Schema (draft 7, which editors understand).</summary>
public sealed class JsonSchema
{
    private readonly ImmutableArray<SecretKind> _secrets;

    private JsonSchema(ImmutableArray<SecretKind> secrets) => _secrets = secrets;

    public static string Write(MapShape root, ImmutableArray<SecretKind> secrets) => new JsonSchema(secrets).Write(root);

    private string Write(MapShape root)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer,
            new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "http://json-schema.org/draft-07/schema#");
            json.WriteString("title", "Baker spec");
            Body(json, root, null);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private void Body(Utf8JsonWriter json, Shape shape, string? otherwise)
    {
        if (shape.Summary.Length > 0)
            json.WriteString("description", otherwise is null ? shape.Summary : $"{shape.Summary}. Default: {otherwise}");
        switch (shape)
        {
            case MapShape map:
                Map(json, map.Keys);
                break;
            case ChoiceShape choice:
                Map(json, choice.Keys);
                json.WriteNumber("minProperties", 1);
                json.WriteNumber("maxProperties", 1);
                break;
            case TableShape table:
                json.WriteString("type", "object");
                json.WriteNumber("maxProperties", table.Most);
                json.WriteStartObject("additionalProperties");
                Types(json, "string", "number", "boolean");
                json.WriteEndObject();
                break;
            case ListShape list:
                json.WriteString("type", "array");
                json.WriteNumber("minItems", list.Least);
                json.WriteNumber("maxItems", list.Most);
                json.WriteBoolean("uniqueItems", true);
                json.WriteStartObject("items");
                Body(json, list.Item, null);
                json.WriteEndObject();
                break;
            case EitherShape either:
                OneOf(json, either.Brief, either.Full);
                break;
            case SecretShape secret:
                Secret(json, secret);
                break;
            case NumberShape number:
                json.WriteString("type", "integer");
                json.WriteNumber("minimum", number.Least);
                json.WriteNumber("maximum", number.Most);
                break;
            case FlagShape:
                json.WriteString("type", "boolean");
                break;
            case WordShape word:
                json.WriteStartArray("enum");
                foreach (var one in word.Words)
                    json.WriteStringValue(one);
                json.WriteEndArray();
                break;
            case TextShape text:
                // A version such as 19 or 1.5 is a number to YAML; Baker reads it as text.
                Types(json, "string", "number");
                if (text.Format.Pattern is { } pattern)
                    json.WriteString("pattern", pattern);
                break;
            default:
                throw new InvalidOperationException($"no schema for {shape.GetType().Name}");
        }
    }

    private void Secret(Utf8JsonWriter json, SecretShape secret)
    {
        json.WriteStartArray("oneOf");
        json.WriteStartObject();
        Body(json, new ChoiceShape("reference to a secret", [.. _secrets.Select(s => s.Key)]), null);
        json.WriteEndObject();
        if (secret.MayGenerate)
        {
            json.WriteStartObject();
            json.WriteStartArray("enum");
            json.WriteStringValue("generate");
            json.WriteEndArray();
            json.WriteEndObject();
        }
        if (secret.MayBePem)
        {
            json.WriteStartObject();
            json.WriteString("type", "string");
            json.WriteString("pattern", "-----BEGIN CERTIFICATE-----");
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void OneOf(Utf8JsonWriter json, params ReadOnlySpan<Shape> shapes)
    {
        json.WriteStartArray("oneOf");
        foreach (var shape in shapes)
        {
            json.WriteStartObject();
            Body(json, shape, null);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void Map(Utf8JsonWriter json, ImmutableArray<Key> keys)
    {
        json.WriteString("type", "object");
        json.WriteBoolean("additionalProperties", false);
        json.WriteStartObject("properties");
        foreach (var key in keys)
        {
            json.WriteStartObject(key.Name);
            Body(json, key.Shape, key.Default);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        if (!keys.Any(k => k.Required))
            return;
        json.WriteStartArray("required");
        foreach (var key in keys.Where(k => k.Required))
            json.WriteStringValue(key.Name);
        json.WriteEndArray();
    }

    private static void Types(Utf8JsonWriter json, params ReadOnlySpan<string> types)
    {
        json.WriteStartArray("type");
        foreach (var type in types)
            json.WriteStringValue(type);
        json.WriteEndArray();
    }
}
