using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Baker.Clouds.Facts.Aws;
using Baker.Clouds.Live.Aws.Border;
using Baker.Clouds.Live.Aws.Tags;

namespace Baker.Clouds.Live.Aws.Identities;

/// <summary>Roles and instance profiles of machines, made in an order that every launch can go on with.</summary>
internal sealed class AwsIdentities(AwsBorder border, AwsQuery iam, AwsSpec spec) : IIdentities
{
    /// <summary>"Changes must replicate": Terraform's provider has come to two minutes for IAM.</summary>
    private static readonly TimeSpan Spreading = TimeSpan.FromMinutes(2);

    /// <summary>How often what IAM does not know yet is asked for again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public async Task<IdentityFound> LookAsync(IdentityWanted wanted, CancellationToken cancel)
    {
        var (role, profile) = (RoleAsync(wanted, cancel), ProfileAsync(wanted, cancel));
        await Task.WhenAll(role, profile);
        if (await role is null && await profile is null)
            return new IdentityFound(wanted, IdentityStanding.Missing, []) { IsGone = true };
        if (IsTheirs(await role, wanted) || IsTheirs(await profile, wanted))
            return new IdentityFound(wanted, IdentityStanding.Theirs, []);
        return new IdentityFound(wanted, IdentityStanding.Ours, await DiffersAsync(wanted, await role, await profile, cancel))
        {
            IsGone = await profile is null,
        };
    }

    /// <summary>IAM has no rehearsal: they are the first things that a launch makes, and cost nothing.</summary>
    public Task<Preflight> CheckAsync(ImmutableArray<IdentityWanted> lacking, CancellationToken cancel) =>
        Task.FromResult(Preflight.Clear with
        {
            Notes = [.. lacking.Where(l => l.Boundary is null).Take(1).Select(_ =>
                "whoever may make roles for machines can take all rights in the account, as no boundary limits them: "
                + "`identity: { boundary: ARN }` does (`baker policy --boundary` prints a policy for it)")],
        });

    public async Task EnsureAsync(IdentityWanted wanted, CancellationToken cancel)
    {
        var role = await RoleAsync(wanted, cancel);
        if (IsTheirs(role, wanted))
            throw Taken(wanted, "role");
        if (role is null)
            await MakeAsync(wanted, "CreateRole", c => RoleAsync(wanted, c),
                [("RoleName", wanted.Name), ("Path", AwsMachineRoles.Path), ("AssumeRolePolicyDocument", Trust),
                    ("Description", $"made by baker launch for {wanted.Machine}"),
                    .. wanted.Boundary is { } limit ? new[] { ("PermissionsBoundary", limit) } : [], .. Numbered(AllTags(wanted))],
                cancel);
        else
            await MendAsync(wanted, role, cancel);
        if (!IsSame(await PolicyAsync(wanted, cancel), wanted.Policy))
            await ChangeAsync(wanted, "PutRolePolicy", [("RoleName", wanted.Name), ("PolicyName", AwsMachineRoles.PolicyName),
                ("PolicyDocument", wanted.Policy)], null, cancel);
        var profile = await ProfileAsync(wanted, cancel);
        if (IsTheirs(profile, wanted))
            throw Taken(wanted, "instance profile");
        if (profile is null)
            await MakeAsync(wanted, "CreateInstanceProfile", c => ProfileAsync(wanted, c),
                [("InstanceProfileName", wanted.Name), ("Path", AwsMachineRoles.Path), .. Numbered(AllTags(wanted))], cancel);
        // The role has them last: cut off before that, the next launch sees the difference and sets both again.
        if (role is not null && TagsOf(role, wanted) is { } tags)
            await TagAsync(wanted, tags, cancel);
        // A profile has room for one.
        foreach (var other in profile is null ? [] : Roles(profile).Where(r => r != wanted.Name).ToArray())
            await FreeAsync(wanted, other, cancel);
        if (profile is null || !Roles(profile).Contains(wanted.Name))
            await ChangeAsync(wanted, "AddRoleToInstanceProfile",
                [("InstanceProfileName", wanted.Name), ("RoleName", wanted.Name)], "LimitExceeded", cancel);
        await SettledAsync(wanted, cancel);
    }

    public async Task DeleteAsync(IdentityWanted wanted, CancellationToken cancel)
    {
        if (await ProfileAsync(wanted, cancel) is { } profile && !IsTheirs(profile, wanted))
        {
            foreach (var role in Roles(profile))
                await FreeAsync(wanted, role, cancel);
            await ChangeAsync(wanted, "DeleteInstanceProfile", [("InstanceProfileName", wanted.Name)], NoSuchEntity, cancel);
        }
        if (await RoleAsync(wanted, cancel) is not { } there || IsTheirs(there, wanted))
            return;
        // An organisation may have added to it.
        foreach (var policy in await ListAsync(wanted, "ListRolePolicies", "PolicyNames", e => e.Value, cancel))
            await ChangeAsync(wanted, "DeleteRolePolicy", [("RoleName", wanted.Name), ("PolicyName", policy)], NoSuchEntity, cancel);
        foreach (var arn in await ListAsync(wanted, "ListAttachedRolePolicies", "AttachedPolicies",
            e => e.Element("PolicyArn")?.Value ?? "", cancel))
            await ChangeAsync(wanted, "DetachRolePolicy", [("RoleName", wanted.Name), ("PolicyArn", arn)], NoSuchEntity, cancel);
        await ChangeAsync(wanted, "DeleteRole", [("RoleName", wanted.Name)], NoSuchEntity, cancel);
    }

    private const string NoSuchEntity = "NoSuchEntity";

    private string Trust => AwsMachineRoles.Trust(spec.Region);

    /// <summary>What is not as wanted of things that are the stack's own.</summary>
    private async Task<ImmutableArray<string>> DiffersAsync(IdentityWanted wanted, XElement? role, XElement? profile,
        CancellationToken cancel)
    {
        var differs = ImmutableArray.CreateBuilder<string>();
        if (role is null)
            differs.Add("its role is not there");
        else if (!IsSame(Document(role, "AssumeRolePolicyDocument"), Trust))
            differs.Add("its role may be taken by others than machines, or not by them");
        if (role is not null && Boundary(role) != wanted.Boundary)
            differs.Add($"boundary {Boundary(role) ?? "none"} becomes {wanted.Boundary ?? "none"} (identity.boundary)");
        if (role is not null && TagsOf(role, wanted) is { } tags)
            differs.Add($"tags {TagChange.Title([tags])}");
        if (role is not null && wanted.IsWanted && !IsSame(await PolicyAsync(wanted, cancel), wanted.Policy))
            differs.Add("its policy is another one");
        if (profile is null)
            differs.Add("its instance profile is not there");
        else if (!Roles(profile).Contains(wanted.Name))
            differs.Add("its instance profile has not its role");
        return differs.ToImmutable();
    }

    private async Task MendAsync(IdentityWanted wanted, XElement role, CancellationToken cancel)
    {
        if (!IsSame(Document(role, "AssumeRolePolicyDocument"), Trust))
            await ChangeAsync(wanted, "UpdateAssumeRolePolicy", [("RoleName", wanted.Name), ("PolicyDocument", Trust)], null, cancel);
        if (Boundary(role) == wanted.Boundary)
            return;
        if (wanted.Boundary is { } limit)
            await ChangeAsync(wanted, "PutRolePermissionsBoundary",
                [("RoleName", wanted.Name), ("PermissionsBoundary", limit)], null, cancel);
        else
            await ChangeAsync(wanted, "DeleteRolePermissionsBoundary", [("RoleName", wanted.Name)], null, cancel);
    }

    private Task FreeAsync(IdentityWanted wanted, string role, CancellationToken cancel) => ChangeAsync(wanted,
        "RemoveRoleFromInstanceProfile", [("InstanceProfileName", wanted.Name), ("RoleName", role)], NoSuchEntity, cancel);

    private async Task TagAsync(IdentityWanted wanted, TagChange tags, CancellationToken cancel)
    {
        foreach (var (kind, name) in new[] { ("InstanceProfile", "InstanceProfileName"), ("Role", "RoleName") })
        {
            if (!tags.Remove.IsEmpty)
                await ChangeAsync(wanted, $"Untag{kind}",
                    [(name, wanted.Name), .. tags.Remove.Select((k, i) => ($"TagKeys.member.{i + 1}", k))], null, cancel);
            if (!tags.Set.IsEmpty)
                await ChangeAsync(wanted, $"Tag{kind}",
                    [(name, wanted.Name), .. Numbered(tags.Set.Select(t => (t.Key, t.Value)))], null, cancel);
        }
    }

    /// <summary>Waits until IAM itself finds the profile with its role: EC2 finds it no earlier, and waits for its own part.</summary>
    private Task<XElement> SettledAsync(IdentityWanted wanted, CancellationToken cancel) =>
        border.UntilAsync(Doing(wanted), async c => await ProfileAsync(wanted, c) is { } seen && Roles(seen).Contains(wanted.Name)
            ? seen : null, Spreading, cancel);

    private async Task<XElement?> RoleAsync(IdentityWanted wanted, CancellationToken cancel) =>
        (await FindAsync(wanted, "GetRole", cancel, ("RoleName", wanted.Name)))?.Element("Role");

    private async Task<XElement?> ProfileAsync(IdentityWanted wanted, CancellationToken cancel) =>
        (await FindAsync(wanted, "GetInstanceProfile", cancel, ("InstanceProfileName", wanted.Name)))?.Element("InstanceProfile");

    private async Task<string?> PolicyAsync(IdentityWanted wanted, CancellationToken cancel) =>
        await FindAsync(wanted, "GetRolePolicy", cancel, ("RoleName", wanted.Name),
            ("PolicyName", AwsMachineRoles.PolicyName)) is { } found ? Document(found, "PolicyDocument") : null;

    private async Task<XElement?> FindAsync(IdentityWanted wanted, string action, CancellationToken cancel,
        params (string Name, string Value)[] parameters)
    {
        try
        {
            return await border.SendAsync($"looking at the identity {wanted.Name}", c => iam.AskAsync(action, c, parameters), cancel);
        }
        catch (CloudException e) when (AwsErrors.Code(e) == NoSuchEntity)
        {
            return null;
        }
    }

    private async Task<ImmutableArray<string>> ListAsync(IdentityWanted wanted, string action, string list, Func<XElement, string> read,
        CancellationToken cancel)
    {
        var all = ImmutableArray.CreateBuilder<string>();
        for (string? marker = null; ;)
        {
            (string, string)[] parameters = [("RoleName", wanted.Name), .. marker is null ? [] : new[] { ("Marker", marker) }];
            if (await FindAsync(wanted, action, cancel, parameters) is not { } page)
                return all.ToImmutable();
            all.AddRange((page.Element(list)?.Elements("member") ?? []).Select(read));
            if (page.Element("IsTruncated")?.Value != "true" || page.Element("Marker")?.Value is not { } next || next == marker)
                return all.ToImmutable();
            marker = next;
        }
    }

    /// <summary>Where something of the name is there after all, it is looked whose: an answer got lost, or somebody was quicker.</summary>
    private async Task MakeAsync(IdentityWanted wanted, string action, Func<CancellationToken, Task<XElement?>> look,
        (string Name, string Value)[] parameters, CancellationToken cancel)
    {
        try
        {
            await ChangeAsync(wanted, action, parameters, null, cancel);
        }
        catch (CloudException e) when (AwsErrors.Code(e) == "EntityAlreadyExists")
        {
            if (IsTheirs(await border.UntilAsync(Doing(wanted), look, Spreading, cancel), wanted))
                throw Taken(wanted, action["Create".Length..]);
        }
    }

    /// <param name="done">What IAM answers when an earlier request, whose answer got lost, has done it already.</param>
    private async Task ChangeAsync(IdentityWanted wanted, string action, (string Name, string Value)[] parameters, string? done,
        CancellationToken cancel)
    {
        var began = border.Time.GetTimestamp();
        while (true)
        {
            try
            {
                await border.SendAsync(Doing(wanted), c => iam.AskAsync(action, c, parameters), cancel);
                return;
            }
            catch (CloudException e) when (done is not null && AwsErrors.Code(e) == done)
            {
                return;
            }
            // What was made a moment ago is not known everywhere yet.
            catch (CloudException e) when (AwsErrors.Code(e) is NoSuchEntity or "ConcurrentModification" or "DeleteConflict"
                && border.Time.GetElapsedTime(began) < Spreading)
            {
                await Task.Delay(Pause, border.Time, cancel);
            }
            catch (CloudException e) when (e.Failure == CloudFailure.Denied)
            {
                throw new CloudException(CloudFailure.Denied, Doing(wanted), AwsErrors.Line(e.InnerException ?? e),
                    "`baker policy --identities` prints the rights that "
                    + $"it takes. Who may not have them names an identity of their own, `{wanted.Key}`: the review page has the commands "
                    + "for somebody who may", e);
            }
        }
    }

    private static string Doing(IdentityWanted wanted) => $"making or removing the identity {wanted.Name}";

    private static CloudException Taken(IdentityWanted wanted, string kind) =>
        new(CloudFailure.Taken, Doing(wanted), $"there is a {kind} {wanted.Name}, and it is not this stack's",
            $"write its name as `{wanted.Key}` if it is meant, or give this stack another name");

    private static IEnumerable<(string Key, string Value)> AllTags(IdentityWanted wanted) => AwsTags.Of(wanted.Owner, wanted.Name);

    private static IEnumerable<(string, string)> Numbered(IEnumerable<(string Key, string Value)> tags) => tags.SelectMany((t, i) =>
        new[] { ($"Tags.member.{i + 1}.Key", t.Key), ($"Tags.member.{i + 1}.Value", t.Value) });

    private static TagChange? TagsOf(XElement role, IdentityWanted wanted) =>
        AwsTags.Memory.Change(wanted.Name, wanted.Owner.Tags, Tags(role));

    private static Dictionary<string, string> Tags(XElement thing) => (thing.Element("Tags")?.Elements("member") ?? [])
        .ToDictionary(t => t.Element("Key")?.Value ?? "", t => t.Element("Value")?.Value ?? "");

    private static bool IsTheirs(XElement? thing, IdentityWanted wanted) =>
        thing is not null && Tags(thing).GetValueOrDefault(AwsTags.Id) != wanted.Owner.Id;

    private static IEnumerable<string> Roles(XElement profile) =>
        (profile.Element("Roles")?.Elements("member") ?? []).Select(r => r.Element("RoleName")?.Value ?? "");

    private static string? Boundary(XElement role) =>
        role.Element("PermissionsBoundary")?.Element("PermissionsBoundaryArn")?.Value;

    /// <summary>IAM gives documents as they stand in a URL.</summary>
    private static string? Document(XElement answer, string name) =>
        answer.Element(name)?.Value is { } text ? Uri.UnescapeDataString(text) : null;

    private static bool IsSame(string? has, string wanted)
    {
        try
        {
            return has is not null && JsonNode.DeepEquals(JsonNode.Parse(has), JsonNode.Parse(wanted));
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }
}
