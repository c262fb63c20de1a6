using System.Collections.Immutable;
using Amazon.Runtime;
using Baker.Clouds.Live.Aws.Border;

namespace Baker.Clouds.Live.Aws.Account;

/// <summary>Whether the instance profiles that the spec names are there. A rehearsal of EC2's judges rights and need not look.</summary>
internal sealed class AwsProfiles(AwsClients clients)
{
    /// <param name="machines">Those that read a bundle are asked about with their bundles.</param>
    public async Task<Preflight> CheckAsync(ImmutableArray<MachineWanted> machines, CancellationToken cancel)
    {
        var answers = await Task.WhenAll(machines.Where(m => m.Identity is not null && !m.MakesIdentity && m.Bundle is null)
            .GroupBy(m => m.Identity!, m => m.Name).Select(g => OneAsync(g.Key, string.Join(" and ", g), cancel)));
        return answers.Aggregate(Preflight.Clear, (all, one) => all.With(one));
    }

    private async Task<Preflight> OneAsync(string profile, string machines, CancellationToken cancel)
    {
        try
        {
            if (clients.Iam is not { } iam)
                return Preflight.Clear;
            var found = await iam.AskAsync("GetInstanceProfile", cancel, ("InstanceProfileName", profile));
            return found.Element("InstanceProfile")?.Element("Roles")?.Element("member") is not null ? Preflight.Clear
                : Problem($"the instance profile {profile} of {machines} has no role: `aws iam add-role-to-instance-profile` adds one");
        }
        catch (AmazonServiceException e) when (e.ErrorCode == "NoSuchEntity")
        {
            return Problem($"there is no instance profile {profile}, which {machines} has: the review page has the commands that make it");
        }
        catch (Exception e) when (AwsErrors.LeavesOpen(e, cancel))
        {
            return Preflight.Clear with { Unchecked = [$"whether the instance profile {profile} is there: {AwsErrors.Line(e)}"] };
        }
    }

    private static Preflight Problem(string what) => Preflight.Clear with { Problems = [what] };
}
