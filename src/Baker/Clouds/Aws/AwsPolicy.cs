using System.Text;
using System.Text.Json;

namespace Baker.Clouds.Aws;

/// <summary>The IAM policy that lets a VM read its own secrets and nothing else.</summary>
internal static class AwsPolicy
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
            Statement(json, "ssm:GetParameter", parameters.Order(StringComparer.Ordinal).Select(p => $"{arn}:ssm:{region}:*:parameter{p}"));
            // Parameters under AWS's own key need no right to decrypt; those under a key of the account do.
            if (kmsKey is not null)
                Statement(json, "kms:Decrypt", [kmsKey.StartsWith("arn:", StringComparison.Ordinal) ? kmsKey : $"{arn}:kms:{region}:*:key/*"]);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

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
