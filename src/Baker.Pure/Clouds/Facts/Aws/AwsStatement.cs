using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Baker.Clouds.Facts.Aws;

/// <summary>One statement of an IAM policy, which always allows.</summary>
/// <param name="Sid">Says to people what it is for; null: nothing.</param>
internal sealed record AwsStatement(string? Sid, ImmutableArray<string> Actions, ImmutableArray<string> Resources,
    params AwsCondition[] Conditions)
{
    /// <summary>A whole policy.</summary>
    /// <param name="forPeople">Over several lines; else in one.</param>
    public static string Policy(IEnumerable<AwsStatement> statements, bool forPeople) => Text(forPeople, json =>
    {
        json.WriteStartObject();
        json.WriteString("Version", "2012-10-17");
        json.WriteStartArray("Statement");
        foreach (var statement in statements)
            statement.Write(json);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>The statement alone, in one line.</summary>
    public string Line() => Text(false, Write);

    private static string Text(bool forPeople, Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        // Nobody puts this into a page: a plus in a name stays readable.
        using (var json = new Utf8JsonWriter(buffer,
            new JsonWriterOptions { Indented = forPeople, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            write(json);
        return Encoding.UTF8.GetString(buffer.ToArray()) + (forPeople ? "\n" : "");
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (Sid is not null)
            json.WriteString(nameof(Sid), Sid);
        json.WriteString("Effect", "Allow");
        List(json, "Action", Actions);
        List(json, "Resource", Resources);
        if (Conditions.Length > 0)
        {
            json.WriteStartObject("Condition");
            foreach (var same in Conditions.GroupBy(c => c.Operator))
            {
                json.WriteStartObject(same.Key);
                foreach (var condition in same)
                    List(json, condition.Key, condition.Values);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    /// <summary>A list of one is its text: IAM counts every character.</summary>
    private static void List(Utf8JsonWriter json, string name, ImmutableArray<string> texts)
    {
        if (texts.Length == 1)
        {
            json.WriteString(name, texts[0]);
            return;
        }
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}

/// <summary>Holds when the key has one of the values.</summary>
/// <param name="Operator">As IAM calls it.</param>
internal sealed record AwsCondition(string Operator, string Key, ImmutableArray<string> Values)
{
    public static AwsCondition Is(string key, params ReadOnlySpan<string> values) => new("StringEquals", key, [.. values]);
}
