using System.Collections.Immutable;
using Amazon.Runtime;
using Baker.Clouds.Facts.Aws;
using Baker.Clouds.Live.Aws.Border;

namespace Baker.Clouds.Live.Aws.Secrets;

/// <summary>Whether a machine's role may read its bundle, by IAM's own simulation of it.</summary>
internal sealed class AwsBundleRights(AwsClients clients, AwsSpec spec)
{
    private const string Read = "ssm:GetParameter";

    public async Task<Preflight> CheckAsync(ImmutableArray<MachineWanted> machines, CancellationToken cancel)
    {
        var answers = await Task.WhenAll(machines.Where(m => !m.MakesIdentity).Select(m => OneAsync(m, cancel)));
        return answers.Aggregate(Preflight.Clear, (all, one) => all.With(one));
    }

    private async Task<Preflight> OneAsync(MachineWanted machine, CancellationToken cancel)
    {
        var needs = $"it needs the statement {AwsPolicy.Statement(
            spec.Region, [$"{spec.Facts.Bundles!.Folder(machine.Owner.Stack, machine.Group)}*"])}";
        Preflight Unasked(string why) => Preflight.Clear with
        {
            Unchecked = [
            $"whether the instance profile {machine.Identity} may read the bundle of {machine.Name}: {why}; {needs}"]
        };
        Preflight Problem(string what) => Preflight.Clear with { Problems = [what] };
        if (clients.Iam is not { } iam)
            return Unasked($"where IAM of {spec.Region} is to be asked is not known");
        try
        {
            var profile = await iam.AskAsync("GetInstanceProfile", cancel, ("InstanceProfileName", machine.Identity!));
            if (profile.Element("InstanceProfile")?.Element("Roles")?.Element("member")?.Element("Arn")?.Value is not { } role)
                return Problem($"the instance profile {machine.Identity} has no role, and {machine.Name} reads its bundle with that: `aws "
                    + $"iam add-role-to-instance-profile` adds one; {needs}");
            // An ARN's fifth part is the account.
            var parameter = $"arn:{AwsPartition.Of(spec.Region).Name}:ssm:{spec.Region}:{role.Split(':')[4]}:"
                + $"parameter{machine.Bundle!.Folder}/1";
            var simulated = await iam.AskAsync("SimulatePrincipalPolicy", cancel, ("PolicySourceArn", role),
                ("ActionNames.member.1", Read), ("ResourceArns.member.1", parameter));
            var decision = simulated.Element("EvaluationResults")?.Element("member")?.Element("EvalDecision")?.Value;
            return decision switch
            {
                "allowed" => Preflight.Clear,
                null => Unasked("IAM gave no decision"),
                _ => Problem($"{role} may not read the bundle of {machine.Name} ({decision}): {needs}"),
            };
        }
        catch (AmazonServiceException e) when (e.ErrorCode == "NoSuchEntity")
        {
            return Problem($"there is no instance profile {machine.Identity}, and {machine.Name} reads its bundle with that: the review "
                + $"page has the commands that make it; {needs}");
        }
        catch (Exception e) when (AwsErrors.LeavesOpen(e, cancel))
        {
            return Unasked(AwsErrors.Line(e));
        }
    }
}
