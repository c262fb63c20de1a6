using System.Text.Json.Nodes;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>The parameter store of the pretended region.</summary>
internal sealed class SsmStore(TimeProvider time)
{
    private readonly Dictionary<string, DateTimeOffset> _deleted = [];

    private readonly Dictionary<string, int> _versions = [];

    public SortedDictionary<string, (string Value, string Type, JsonArray Tags)> Parameters { get; } = new(StringComparer.Ordinal);

    public JsonObject Answer(string operation, JsonObject request) => operation switch
    {
        "PutParameter" => Put(request),
        "GetParameter" => Get(request),
        "GetParametersByPath" => Below(request),
        "DeleteParameter" => Delete((string)request["Name"]!),
        "DeleteParameters" => DeleteAll(request),
        "ListTagsForResource" => new JsonObject { ["TagList"] = Parameters.TryGetValue((string)request["ResourceId"]!, out var found) ? found.Tags.DeepClone() : throw new Ec2Refusal("InvalidResourceId", "The resource ID isn't valid.") },
        "AddTagsToResource" => Tag(request, request["Tags"]!.AsArray(), []),
        "RemoveTagsFromResource" => Tag(request, [], request["TagKeys"]!.AsArray()),
        _ => throw new Ec2Refusal("UnknownOperationException", operation),
    };

    private JsonObject Put(JsonObject request)
    {
        var (name, overwrite) = ((string)request["Name"]!, (bool?)request["Overwrite"] == true);
        if (overwrite && request["Tags"] is not null)
            throw new Ec2Refusal("ValidationException", "Invalid request: tags and overwrite can't be used together.");
        if (Parameters.TryGetValue(name, out var there) && !overwrite)
            throw new Ec2Refusal("ParameterAlreadyExists", "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.");
        // "After deleting a parameter, wait for at least 30 seconds to create a parameter with the same name": Systems Manager API reference 2014-11-06,
        // DeleteParameter and DeleteParameters. What becomes of who does not wait it does not say; this refusal is the one seen.
        if (there.Value is null && _deleted.TryGetValue(name, out var at) && time.GetUtcNow() < at + TimeSpan.FromSeconds(30))
            throw new Ec2Refusal("ParameterAlreadyExists", "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.");
        // The words of moto 5.2.1 (ssm/models.py, put_parameter), which has them from AWS.
        var isLarge = (string?)request["Tier"] is "Advanced" or "Intelligent-Tiering";
        // Systems Manager User Guide, "Managing parameter tiers": 8 KB in the advanced tier, which Intelligent-Tiering takes where it must.
        if (isLarge && ((string)request["Value"]!).Length > 8192)
            throw new Ec2Refusal("ValidationException", "Advanced tier parameters support a maximum parameter value of 8192 characters.");
        if (!isLarge && ((string)request["Value"]!).Length > 4096)
            throw new Ec2Refusal("ValidationException", "Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html");
        Parameters[name] = ((string)request["Value"]!, (string)request["Type"]!, request["Tags"]?.DeepClone().AsArray() ?? there.Tags ?? []);
        // A new parameter has version 1, and each edit makes it one more: Systems Manager User Guide, "Working with parameter versions".
        // That a name which was deleted begins anew is not said there.
        _versions[name] = there.Value is null ? 1 : _versions.GetValueOrDefault(name, 1) + 1;
        return new JsonObject { ["Version"] = _versions[name] };
    }

    private JsonObject Get(JsonObject request)
    {
        var name = (string)request["Name"]!;
        if (!Parameters.TryGetValue(name, out var found))
            throw new Ec2Refusal("ParameterNotFound", "");
        // Without decryption a secret is answered as its ciphertext.
        var value = found.Type == "SecureString" && (bool?)request["WithDecryption"] != true ? "AQICAHh" : found.Value;
        return new JsonObject { ["Parameter"] = new JsonObject { ["Name"] = name, ["Type"] = found.Type, ["Value"] = value, ["Version"] = _versions.GetValueOrDefault(name, 1) } };
    }

    /// <summary>Two at a time; AWS answers ten at most.</summary>
    private JsonObject Below(JsonObject request)
    {
        var (path, first) = ((string)request["Path"]!, int.Parse((string?)request["NextToken"] ?? "0", System.Globalization.CultureInfo.InvariantCulture));
        var all = Parameters.Where(p => p.Key.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal)).ToArray();
        var answer = new JsonObject { [nameof(Parameters)] = new JsonArray([.. all.Skip(first).Take(2).Select(p => Get(new JsonObject { ["Name"] = p.Key })["Parameter"]!.DeepClone())]) };
        if (first + 2 < all.Length)
            answer["NextToken"] = $"{first + 2}";
        return answer;
    }

    private JsonObject Tag(JsonObject request, JsonArray set, JsonArray remove)
    {
        if ((string)request["ResourceType"]! != "Parameter" || !Parameters.TryGetValue((string)request["ResourceId"]!, out var found))
            throw new Ec2Refusal("InvalidResourceId", "The resource ID isn't valid.");
        Ec2Volumes.SetTags(found.Tags, set, remove.Select(k => (string)k!));
        return [];
    }

    /// <summary>Unlike DeleteParameter it takes names that are not there: they come back as invalid.</summary>
    private JsonObject DeleteAll(JsonObject request)
    {
        var names = request["Names"]!.AsArray().Select(n => (string)n!).ToArray();
        if (names.Length > 10)
            throw new Ec2Refusal("ValidationException", "1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length less than or equal to 10");
        var gone = names.ToLookup(Remove);
        return new JsonObject { ["DeletedParameters"] = new JsonArray([.. gone[true].Select(n => (JsonNode)n)]), ["InvalidParameters"] = new JsonArray([.. gone[false].Select(n => (JsonNode)n)]) };
    }

    private JsonObject Delete(string name) => Remove(name) ? [] : throw new Ec2Refusal("ParameterNotFound", "");

    private bool Remove(string name)
    {
        if (!Parameters.Remove(name))
            return false;
        _deleted[name] = time.GetUtcNow();
        return true;
    }
}
