using Baker.Clouds.Facts;
using Baker.Clouds.Live;

namespace Baker.Launching;

/// <summary>What stands of a stack when a launch did not get through: it may cost money, and nobody has seen it work.</summary>
public static class Standing
{
    public static async Task SayAsync(ICloud cloud, StackOwner owner, CloudFacts facts, ILaunchLog log, CancellationToken cancel)
    {
        try
        {
            var all = await Billed.FoundAsync(cloud, facts, owner, cancel);
            if (all.Length > 0)
            {
                var until = facts.IsDesk ? "`baker destroy` removes it" : "It is billed until `baker destroy`";
                log.Say("stands", $"{string.Join(", ", all)}. {until}; the next launch goes on from there");
            }
        }
        catch (CloudException)
        {
            // What made the launch fail may stand in the way of this too, and says more.
        }
    }
}
