using Amazon.EC2;
using Amazon.EC2.Model;
using Baker.Clouds.Live.Aws.Border;

namespace Baker.Clouds.Live.Aws.Machines;

/// <summary>Which instance profile a machine that is there has.</summary>
internal sealed class AwsInstanceIdentity(AwsBorder border)
{
    /// <summary>EC2 lets go of a profile within seconds.</summary>
    private static readonly TimeSpan LettingGo = TimeSpan.FromMinutes(2);

    /// <param name="profile">Its name; null: none.</param>
    public async Task SetAsync(VirtualMachine machine, string? profile, CancellationToken cancel)
    {
        var doing = $"giving {machine.Name} {(profile is null ? "no instance profile" : $"the instance profile {profile}")}";
        var named = profile is null ? null : new IamInstanceProfileSpecification { Name = profile };
        var has = await AssociationAsync(machine, doing, cancel);
        // EC2 replaces the profile of a machine that runs; a stopped one is given another in two steps.
        if (has is not null && named is not null && machine.State is MachineState.Running or MachineState.Starting)
        {
            await border.SendAsync(doing, c => border.Ec2.ReplaceIamInstanceProfileAssociationAsync(
                new ReplaceIamInstanceProfileAssociationRequest { AssociationId = has!.AssociationId, IamInstanceProfile = named }, c),
                cancel);
            return;
        }
        if (has is not null)
        {
            await border.SendAsync(doing, c => border.Ec2.DisassociateIamInstanceProfileAsync(
                new DisassociateIamInstanceProfileRequest { AssociationId = has.AssociationId }, c), cancel);
            await border.UntilAsync(doing, async c => await AssociationAsync(machine, doing, c) is null ? machine : null, LettingGo,
                cancel);
        }
        if (named is not null)
            await border.SendAsync(doing, c => border.Ec2.AssociateIamInstanceProfileAsync(
                new AssociateIamInstanceProfileRequest { InstanceId = machine.Id, IamInstanceProfile = named }, c), cancel);
    }

    private async Task<IamInstanceProfileAssociation?> AssociationAsync(VirtualMachine machine, string doing, CancellationToken cancel)
    {
        var found = await border.SendAsync(doing, c => border.Pages.IamInstanceProfileAssociationsAsync(
            new DescribeIamInstanceProfileAssociationsRequest { Filters = [new Filter("instance-id", [machine.Id])] }, c), cancel);
        return found.IamInstanceProfileAssociations?.FirstOrDefault(a => a.State != IamInstanceProfileAssociationState.Disassociated);
    }
}
