using Baker.Clouds.Live;
using Baker.Launching;
using Baker.Planning;
using Baker.Stack;
using Baker.Tests.Judges;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>Route 53 as moto has it: the signed requests reach a server that somebody else wrote, and its answers are read.</summary>
public sealed class MotoZoneTests(MotoServer moto)
{
    private const string Host = "gitlab.moto-zone.example", Id = "0123456789ab";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_record_is_made_found_replaced_and_removed()
    {
        await moto.WantedAsync();
        await moto.MakeZoneAsync("moto-zone.example");
        var plan = Planner.Plan(SpecReader.Read("baker.yaml", System.Text.Encoding.UTF8.GetBytes(Checkout.Read("examples", "aws.yaml")), new Baker.Diagnostics.DiagnosticBag()).Spec!);
        await using var cloud = CloudDoor.Open(plan.Cloud, new Surroundings(name => name switch { "AWS_ENDPOINT_URL" => moto.Url, "AWS_ACCESS_KEY_ID" or "AWS_SECRET_ACCESS_KEY" => "t", _ => null }, TimeProvider.System, ".", _ => { }));
        var dns = cloud.Dns!;
        var lookup = new NameLookup(dns, new RecordWanted(Host, null, null), CloudTerms.OwnerOf(plan) with { Id = Id });
        var free = (await lookup.FindAsync(Cancel)).Record!;
        Assert.Equal(("moto-zone.example", RecordStanding.Free), (free.Zone.Name, free.Standing));
        await dns.RehearseAsync(free.Zone, $"_baker.{Host}", Cancel);
        Assert.True(await dns.IsDoneAsync(free.Zone, await dns.ChangeAsync(free.Zone, free.To("198.18.0.1", take: false)!, Cancel), Cancel));
        var ours = await lookup.InAsync(free.Zone, Cancel);
        Assert.True(ours.IsUntouched && ours.LeadsTo("198.18.0.1") && ours.To("198.18.0.1", take: false) is null);
        await dns.ChangeAsync(free.Zone, ours.To("198.18.0.2", take: false)!, Cancel);
        var moved = await lookup.InAsync(free.Zone, Cancel);
        Assert.True(moved.IsUntouched && moved.LeadsTo("198.18.0.2"));
        Assert.NotEmpty(await dns.ServersAsync(free.Zone, Cancel));
        await dns.ChangeAsync(free.Zone, moved.Away!, Cancel);
        Assert.Equal(RecordStanding.Free, (await lookup.InAsync(free.Zone, Cancel)).Standing);
        Assert.Equal(free.Zone, await dns.NamedAsync(new RecordWanted(Host, null, free.Zone.Id), Cancel));
        var refused = await Assert.ThrowsAsync<CloudException>(() => dns.NamedAsync(new RecordWanted(Host, null, "Z0NONE"), Cancel));
        Assert.Contains("there is none of that id in this account", refused.Message, StringComparison.Ordinal);
    }
}
