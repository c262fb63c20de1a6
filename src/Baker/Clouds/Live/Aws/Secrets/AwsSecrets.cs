using System.Text;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Baker.Clouds.Facts.Aws;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws.Secrets;

/// <summary>Secrets as SecureStrings in SSM's parameter store.</summary>
internal sealed class AwsSecrets(AwsBorder border, AwsSpec spec, AwsParameters parameters) : ISecretStore
{
    /// <summary>Bytes of a parameter of the advanced tier: Systems Manager User Guide, "Managing parameter tiers".</summary>
    public int MostBytes => 8192;

    /// <summary>One of the same name that belongs to somebody else does not count; storing there is refused.</summary>
    public async Task<bool> ExistsAsync(StackOwner owner, string location, CancellationToken cancel) =>
        await OwnerAsync(location, cancel) == owner.Id;

    /// <summary>True when there is such a parameter, whose ever it is.</summary>
    public async Task<bool> IsThereAsync(string location, CancellationToken cancel) =>
        await parameters.ValueAsync(location, cancel) is not null;

    public Task PutAsync(StackOwner owner, string location, ReadOnlyMemory<byte> value, CancellationToken cancel) =>
        PutAsync(owner, location, Encoding.UTF8.GetString(value.Span), ParameterType.SecureString, cancel);

    public async Task PutAsync(StackOwner owner, string location, string text, ParameterType type, CancellationToken cancel) =>
        await StoreAsync(owner, location, text, type, null, cancel);

    public async Task<GivenState> CompareAsync(
        StackOwner owner, string location, ReadOnlyMemory<byte>? value, CancellationToken cancel)
    {
        if (await parameters.FindAsync(location, cancel) is not { } found)
            return GivenState.Missing;
        var tags = value is null ? [] : await TagsAsync(location, cancel);
        return GivenSecret.Judge(Version(found.Version), tags.Find(t => t.Key == AwsTags.Given)?.Value, value);
    }

    public async Task PutGivenAsync(StackOwner owner, string location, ReadOnlyMemory<byte> value, CancellationToken cancel)
    {
        var first = new Tag { Key = AwsTags.Given, Value = GivenSecret.Mark("1", value) };
        if (await StoreAsync(owner, location, Encoding.UTF8.GetString(value.Span), ParameterType.SecureString, first, cancel)
            is not { } version)
            return;
        var mark = new Tag { Key = AwsTags.Given, Value = GivenSecret.Mark(Version(version), value) };
        await border.SendAsync($"marking the parameter {location}", c => border.Ssm.AddTagsToResourceAsync(
            new AddTagsToResourceRequest { ResourceType = ResourceTypeForTagging.Parameter, ResourceId = location, Tags = [mark] }, c),
            cancel);
    }

    private static string Version(long? version) => $"{version.GetValueOrDefault():0}";

    /// <param name="more">A tag beside the usual ones, where the parameter is new.</param>
    /// <returns>Its version, where one was replaced; null: it is new.</returns>
    private async Task<long?> StoreAsync(
        StackOwner owner, string location, string text, ParameterType type, Tag? more, CancellationToken cancel)
    {
        var doing = $"storing the parameter {location}";
        if (Encoding.UTF8.GetByteCount(text) is var bytes && bytes > MostBytes)
            throw new CloudException(CloudFailure.Refused, doing, $"it has {bytes} bytes, and a parameter takes {MostBytes}",
                "a certificate needs its own chain alone, without the authority that everybody has");
        // Tags can only be given to a parameter that is new.
        var request = Request(owner, location, text, type, isNew: true);
        if (more is not null)
            request.Tags.Add(more);
        if (await parameters.CreateAsync(doing, request, cancel) is null)
            return null;
        if (await OwnerAsync(location, cancel) is var found && found != owner.Id)
            throw new CloudException(CloudFailure.Taken, doing,
                $"it belongs to {(found is null ? "nobody that Baker knows" : $"the stack {found}")}",
                "give the stack another name, or remove the parameter");
        return (await border.SendAsync(doing, c => border.Ssm.PutParameterAsync(
            Request(owner, location, text, type, isNew: false), c), cancel)).Version ?? 0;
    }

    public async Task DeleteAsync(StackOwner owner, string location, CancellationToken cancel)
    {
        if (await OwnerAsync(location, cancel) == owner.Id)
            await parameters.DeleteAsync($"deleting the parameter {location}", location, cancel);
    }

    public string ReadCommand(StackOwner owner, string location) =>
        $"aws ssm get-parameter --region {spec.Region}{(spec.Profile is null ? "" : $" --profile {spec.Profile}")} --name {location} "
            + "--with-decryption --query Parameter.Value --output text";

    /// <summary>True for the name of a parameter that a launch of this stack makes.</summary>
    public static bool IsMade(StackOwner owner, string location) =>
        location.StartsWith($"/baker/{owner.Stack}/", StringComparison.Ordinal);

    /// <summary>The stack that a parameter was made for; null: none, or there is no such parameter.</summary>
    public async Task<string?> OwnerAsync(string location, CancellationToken cancel) =>
        (await TagsAsync(location, cancel)).Find(t => t.Key == AwsTags.Id)?.Value;

    /// <summary>Empty also where there is no such parameter.</summary>
    public async Task<List<Tag>> TagsAsync(string location, CancellationToken cancel)
    {
        try
        {
            var answer = await border.SendAsync($"reading the tags of the parameter {location}", c => border.Ssm.ListTagsForResourceAsync(
                new ListTagsForResourceRequest { ResourceType = ResourceTypeForTagging.Parameter, ResourceId = location }, c), cancel);
            return answer.TagList ?? [];
        }
        catch (CloudException e) when (AwsErrors.IsNotFound(e))
        {
            return [];
        }
    }

    private static PutParameterRequest Request(StackOwner owner, string location, string value, ParameterType type, bool isNew) => new()
    {
        Name = location,
        Value = value,
        Type = type,
        KeyId = type == ParameterType.SecureString ? owner.KmsKey : null,
        // A certificate with its chain has more than the 4 KB of the tier that costs nothing.
        Tier = type == ParameterType.SecureString ? ParameterTier.IntelligentTiering : null,
        Overwrite = !isNew,
        Tags = isNew ? [.. AwsTags.Of(owner, location[(location.LastIndexOf('/') + 1)..])
            .Select(t => new Tag { Key = t.Key, Value = t.Value })] : null,
    };
}
