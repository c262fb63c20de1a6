using System.Collections.Immutable;
using Baker.Clouds.Facts;
using Baker.Clouds.Live;

namespace Baker.Launching;

/// <summary>Makes the record of the stack's name, and waits until it is served.</summary>
public sealed class RecordMaker(IDnsZones zones, StackOwner owner, INameServers servers, TimeProvider time, ILaunchLog log)
{
    private const string Subject = "dns";

    /// <summary>Route 53 takes 60 seconds as a rule; Cloud DNS says no time.</summary>
    private static readonly TimeSpan DoneLimit = TimeSpan.FromMinutes(5), ServedLimit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Looks whether it could be made: what is wrong, and what is to be known. Changes nothing.</summary>
    public async Task<(string? Refused, string? Note)> CheckAsync(RecordPlan plan, CancellationToken cancel)
    {
        var zone = plan.There.Zone;
        try
        {
            await zones.RehearseAsync(zone, DnsNames.Mark(plan.There.Host), cancel);
            // Whoever cannot ask has nothing to compare.
            if (await servers.OfAsync(zone.Name, cancel) is not { } led)
                return (null, null);
            var own = await zones.ServersAsync(zone, cancel);
            return (null, led.Any(l => own.Contains(l, StringComparer.OrdinalIgnoreCase)) ? null
                : $"the {plan.There.Title} is not delegated to: the world is led to {(led.IsEmpty ? "nobody" : string.Join(", ", led))}, "
                    + $"and not to {string.Join(", ", own)}, so that {plan.There.Host} resolves for nobody until that is mended");
        }
        catch (CloudException e) when (plan.Wanted.Zone is null || e.Failure is not (CloudFailure.NotSignedIn or CloudFailure.Unreachable))
        {
            return (e.Message.ReplaceLineEndings(" "), null);
        }
    }

    /// <returns>The change that is under way; null: none is.</returns>
    /// <exception cref="CloudException">The user names the zone, and it was refused.</exception>
    public async Task<string?> MakeAsync(RecordPlan plan, string ip, CancellationToken cancel)
    {
        var there = plan.There;
        if (there.To(ip, plan.Wanted.Takes) is not { } batch)
            return null;
        try
        {
            var change = await ChangedAsync(plan, batch, ip, cancel);
            log.Say(Subject, $"{there.Host} A {ip}: made in {there.Title}");
            return change;
        }
        catch (CloudException e) when (plan.Wanted.Zone is null)
        {
            log.Say(Subject, $"{e.Message.ReplaceLineEndings(" ")}; DNS record to make now: {there.Host} A {ip}");
            return null;
        }
    }

    /// <summary>Waits until the service is done, and until the servers of the zone answer.</summary>
    public async Task UntilServedAsync(RecordPlan plan, string change, string ip, CancellationToken cancel)
    {
        var (zone, host) = (plan.There.Zone, plan.There.Host);
        try
        {
            if (change.Length > 0 && !await UntilAsync(() => zones.IsDoneAsync(zone, change, cancel), DoneLimit,
                $"{host}: {zones.Title} has not given the record to its servers yet", cancel))
                return;
            var all = await zones.ServersAsync(zone, cancel);
            var answers = 0;
            async Task<bool> IsServedAsync()
            {
                var has = (await Task.WhenAll(all.Select(s => servers.AskAsync(s, host, cancel)))).OfType<ImmutableArray<string>>()
                    .ToArray();
                answers = has.Length;
                return has.All(h => h.Contains(ip));
            }

            if (await UntilAsync(IsServedAsync, ServedLimit, $"{host}: the zone's own servers do not have the record yet", cancel)
                && answers > 0)
                log.Say(Subject, $"{host} A {ip}: {answers} of the zone's servers answer so");
        }
        catch (CloudException e)
        {
            log.Say(Subject, $"the record is made; whether it is served could not be seen: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>Removes what <see cref="NameRecord.Away"/> says.</summary>
    public async Task RemoveAsync(NameRecord there, RecordWanted wanted, CancellationToken cancel)
    {
        if (there.Away is not { } batch)
            return;
        try
        {
            await zones.ChangeAsync(there.Zone, batch, cancel);
        }
        catch (CloudException)
        {
            // An answer that got lost, or somebody who was quicker.
            if ((await new NameLookup(zones, wanted, owner).InAsync(there.Zone, cancel)).Standing == RecordStanding.Ours)
                throw;
        }
    }

    private async Task<string?> ChangedAsync(RecordPlan plan, RecordBatch batch, string ip, CancellationToken cancel)
    {
        try
        {
            return await zones.ChangeAsync(plan.There.Zone, batch, cancel);
        }
        catch (CloudException)
        {
            // The answer to an earlier request may have got lost.
            var now = await new NameLookup(zones, plan.Wanted, owner).InAsync(plan.There.Zone, cancel);
            if (!(now.IsUntouched && now.LeadsTo(ip)))
                throw;
            return "";
        }
    }

    /// <returns>False, with a word, when it is enough.</returns>
    private async Task<bool> UntilAsync(Func<Task<bool>> look, TimeSpan limit, string what, CancellationToken cancel)
    {
        var (began, isSaid) = (time.GetTimestamp(), false);
        while (!await look())
        {
            var waited = time.GetElapsedTime(began);
            if (waited >= limit)
            {
                log.Say(Subject, $"{what}, after {limit.TotalMinutes:0} minutes; that goes on by itself");
                return false;
            }
            if (!isSaid && waited >= 3 * Pause)
                log.Say(Subject, $"{what}; waiting for {limit.TotalMinutes:0} minutes at most");
            isSaid |= waited >= 3 * Pause;
            await Task.Delay(Pause, time, cancel);
        }
        return true;
    }
}
