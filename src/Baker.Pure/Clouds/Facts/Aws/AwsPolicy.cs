using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Baker.Clouds.Facts.Aws;

/// <summary>The IAM policy that lets a VM read its own secrets and nothing else.</summary>
internal static partial class AwsPolicy
{
    public static string Write(string region, IEnumerable<string> parameters, string? kmsKey)
    {
        var arn = $"arn:{AwsPartition.Of(region).Name}";
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("Version", "2012-10-17");
            json.WriteStartArray("Statement");
            Reading(json, region, parameters);
            // Parameters under AWS's own key need no right to decrypt; those under a key of the account do.
            // A policy takes no alias for a key.
            if (kmsKey is not null)
                Statement(json, "kms:Decrypt", [kmsKey.StartsWith("arn:", StringComparison.Ordinal) ? Alias().Replace(kmsKey, ":key/*") : $"{arn}:kms:{region}:*:key/*"]);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>The one statement that lets a VM read parameters, to be added to a policy.</summary>
    public static string Statement(string region, IEnumerable<string> parameters)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
            Reading(json, region, parameters);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Reading(Utf8JsonWriter json, string region, IEnumerable<string> parameters) =>
        Statement(json, "ssm:GetParameter", parameters.Order(StringComparer.Ordinal).Select(p => $"arn:{AwsPartition.Of(region).Name}:ssm:{region}:*:parameter{p}"));

    [GeneratedRegex(":alias/.*")]
    private static partial Regex Alias();

    private static void Statement(Utf8JsonWriter json, string action, IEnumerable<string> resources)
    {
        json.WriteStartObject();
        json.WriteString("Effect", "Allow");
        json.WriteString("Action", action);
        json.WriteStartArray("Resource");
        foreach (var resource in resources)
            json.WriteStringValue(resource);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
