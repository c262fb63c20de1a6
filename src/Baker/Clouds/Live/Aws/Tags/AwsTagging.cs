using System.Collections.Immutable;
using Amazon.EC2.Model;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Secrets;
using Tag = Amazon.EC2.Model.Tag;

namespace Baker.Clouds.Live.Aws.Tags;

/// <summary>Brings the user's tags on things of EC2, and on the parameters that a launch made, to what the spec says.</summary>
internal sealed class AwsTagging(AwsBorder border, AwsThings things, AwsSecrets secrets, AwsBundles bundles) : ITags
{
    private const string Doing = "changing tags";

    public async Task<ImmutableArray<TagChange>> ChangesAsync(StackWanted wanted, CancellationToken cancel)
    {
        var owner = wanted.Owner;
        var all = things.AllAsync(owner, cancel);
        var found = await bundles.FindAsync(owner, wanted.Machines.Any(m => m.Bundle is not null), cancel);
        var parameters = Task.WhenAll(wanted.Machines.SelectMany(m => m.Secrets).Where(s => AwsSecrets.IsMade(owner, s)).Distinct()
            .Select(async location => (Id: location, Tags: await secrets.TagsAsync(location, cancel))));
        // All parts of a bundle have the tags of the first, which changes last: cut off before it, the next launch changes all of them
        // again.
        var firsts = Task.WhenAll(found.All.Select(async b => (b.Names, Tags: await secrets.TagsAsync(b.Names[0], cancel))));
        await Task.WhenAll(all, parameters, firsts);
        return
        [
            .. all.Result.Where(t => t.IsOurs).Select(t => Change(owner, t.Id, (t.Tags ?? []).Select(g => (g.Key, g.Value))))
                .OfType<TagChange>(),
            .. parameters.Result.Where(p => p.Tags.Exists(t => t.Key == AwsTags.Id && t.Value == owner.Id))
                .Select(p => Change(owner, p.Id, p.Tags.Select(g => (g.Key, g.Value)))).OfType<TagChange>(),
            .. firsts.Result.SelectMany(b => Change(owner, b.Names[0], b.Tags.Select(g => (g.Key, g.Value))) is { } change
                ? b.Names.Reverse().Select(n => change with { Id = n }) : []),
        ];
    }

    public async Task ApplyAsync(ImmutableArray<TagChange> changes, CancellationToken cancel)
    {
        var (parameters, rest) = (changes.Where(c => c.Id.StartsWith('/')).ToArray(), changes.Where(c => !c.Id.StartsWith('/')).ToArray());
        // What goes is first: cut off after it, a thing still remembers what it had, and the next launch writes that anew.
        foreach (var same in rest.Where(c => !c.Remove.IsEmpty).GroupBy(c => string.Join('\n', c.Remove)))
        {
            await border.SendAsync(Doing, c => border.Ec2.DeleteTagsAsync(
                new DeleteTagsRequest
                {
                    Resources = [.. same.Select(t => t.Id)],
                    Tags = [.. same.First().Remove.Select(k => new Tag { Key = k })]
                }, c), cancel);
        }
        foreach (var same in rest.Where(c => !c.Set.IsEmpty).GroupBy(c => string.Join('\n', c.Set.Select(t => $"{t.Key}={t.Value}"))))
        {
            await border.SendAsync(Doing, c => border.Ec2.CreateTagsAsync(
                new CreateTagsRequest
                {
                    Resources = [.. same.Select(t => t.Id)],
                    Tags = [.. same.First().Set.Select(t => new Tag(t.Key, t.Value))]
                }, c), cancel);
        }
        foreach (var parameter in parameters)
            await ParameterAsync(parameter, cancel);
    }

    private async Task ParameterAsync(TagChange change, CancellationToken cancel)
    {
        if (!change.Remove.IsEmpty)
        {
            await border.SendAsync(Doing, c => border.Ssm.RemoveTagsFromResourceAsync(
                new RemoveTagsFromResourceRequest
                {
                    ResourceType = ResourceTypeForTagging.Parameter,
                    ResourceId = change.Id,
                    TagKeys = [.. change.Remove]
                }, c), cancel);
        }
        if (!change.Set.IsEmpty)
        {
            await border.SendAsync(Doing, c => border.Ssm.AddTagsToResourceAsync(new AddTagsToResourceRequest
            {
                ResourceType = ResourceTypeForTagging.Parameter,
                ResourceId = change.Id,
                Tags = [.. change.Set.Select(t => new Amazon.SimpleSystemsManagement.Model.Tag { Key = t.Key, Value = t.Value })],
            }, c), cancel);
        }
    }

    private static TagChange? Change(StackOwner owner, string id, IEnumerable<(string Key, string Value)> tags) =>
        AwsTags.Memory.Change(id, owner.Tags, tags.ToDictionary(t => t.Key, t => t.Value));
}
