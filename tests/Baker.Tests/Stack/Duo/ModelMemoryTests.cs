using Baker.Stack.Duo;
using Xunit;

namespace Baker.Tests.Stack.Duo;

/// <summary>How many requests at a time a GPU holds.</summary>
public class ModelMemoryTests
{
    [Theory]
    // 4.1 + 1 + 3 × 2.15 are 11.5; four fifths of 16 are 12.8.
    [InlineData("mistral:instruct", 16_384, null, 16, 3)]
    [InlineData("mistral:instruct", 16_384, "q8_0", 16, 4)]
    [InlineData("mistral:instruct", 32_768, null, 16, 1)]
    [InlineData("mistral:instruct", 16_384, null, 48, 4)]
    // More than fits all the same: one, as before; the plan warns of it.
    [InlineData("mistral-small3.2:24b", 16_384, null, 16, 1)]
    public void As_many_as_fit_and_no_more_than_four(string model, int context, string? cacheType, int gpuGb, int expected)
    {
        var memory = ModelMemory.Of(model, context, cacheType, null, gpuGb);
        Assert.Equal((expected, true), (memory.Parallel, memory.IsReckoned));
        Assert.True(expected == 1 || memory.TotalGb <= gpuGb * 0.8m);
        Assert.True(expected == 4 || memory.TotalGb + memory.CacheGb > gpuGb * 0.8m);
    }

    [Fact]
    public void One_where_nothing_can_be_reckoned()
    {
        Assert.Equal(1, ModelMemory.Of("mistral:instruct", 16_384, null, null, null).Parallel);
        Assert.Equal((1, null), (ModelMemory.Of("somebody/else:7b", 16_384, null, null, 80).Parallel, ModelMemory.Of("somebody/else:7b", 16_384, null, null, 80).CacheGb));
        Assert.Equal((1, null), (ModelMemory.Of("somebody/else", 16_384, null, null, 80).Parallel, ModelMemory.Of("somebody/else", 16_384, null, null, 80).TotalGb));
    }

    [Fact]
    public void A_number_in_the_spec_is_taken_as_it_is()
    {
        var memory = ModelMemory.Of("mistral:instruct", 16_384, null, 8, 16);
        Assert.Equal((8, false), (memory.Parallel, memory.IsReckoned));
        Assert.Equal("4.1 GB of weights + 8 × 2.1 GB of cache + 1 GB = 22.3 GB", memory.ToString());
    }
}
