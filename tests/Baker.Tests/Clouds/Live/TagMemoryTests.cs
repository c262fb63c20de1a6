using System.Collections.Immutable;
using Baker.Clouds.Live;
using Baker.Clouds.Live.Aws.Tags;
using Baker.Clouds.Live.Google;
using Xunit;

namespace Baker.Tests.Clouds.Live;

public class TagMemoryTests
{
    private static readonly StackOwner Owner = new("duo", "0123456789ab", "gitlab.example.com", ImmutableSortedDictionary<string, string>.Empty, null);

    [Fact]
    public void As_many_tags_as_a_spec_may_have_fit_each_cloud()
    {
        // Forty is what SpecShape allows; a thing has 50 tags on AWS, 64 labels on Google Cloud, and a machine has three more of Baker's on both.
        var owner = Owner with { Tags = Enumerable.Range(10, 40).ToImmutableSortedDictionary(n => $"team-{n}", n => "x") };
        var tags = AwsTags.Of(owner, "duo-gitlab").ToArray();
        Assert.InRange(tags.Length, 41, 50 - 3);
        Assert.All(tags, t => Assert.InRange(t.Value.Length, 1, 256));
        var labels = GoogleMark.Labels(owner);
        Assert.InRange(labels.Count, 41, 64 - 3);
        Assert.All(labels, l => Assert.InRange(l.Value.Length, 1, 63));
    }

    [Fact]
    public void What_was_written_is_taken_off_again_and_nothing_else()
    {
        var (first, none) = (Tags("team", "stage"), Tags());
        var found = GoogleMark.Memory.With(first).Add("somebody", "theirs").Add("baker-id", Owner.Id).Add("Name", "duo");
        Assert.Null(GoogleMark.Memory.Change("id", first, found));
        var change = GoogleMark.Memory.Change("id", none, found)!;
        Assert.Equal(["baker-tags", "stage", "team"], change.Remove);
        Assert.Empty(change.Set);
        Assert.Null(GoogleMark.Memory.Change("id", none, found.RemoveRange(change.Remove)));
    }

    [Fact]
    public void Tags_from_before_there_was_a_memory_are_nobodys()
    {
        var change = AwsTags.Memory.Change("id", Tags("team"), Tags("team", "stage"))!;
        Assert.Empty(change.Remove);
        Assert.Equal(["baker:tags"], change.Set.Keys);
        Assert.Equal("only what Baker remembers of them", TagChange.Title([change]));
    }

    private static ImmutableSortedDictionary<string, string> Tags(params ReadOnlySpan<string> keys) => keys.ToArray().ToImmutableSortedDictionary(k => k, k => "x");
}
