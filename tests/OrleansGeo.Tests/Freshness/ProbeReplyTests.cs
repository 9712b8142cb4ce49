using OrleansGeo.Runtime.Freshness;

namespace OrleansGeo.Tests.Freshness;

/// <summary>What a region answers for all its silos.</summary>
public sealed class ProbeReplyTests
{
    /// <summary>Both silos take the shard for theirs: a replica that has what the one knows lacks what the other acknowledged since.</summary>
    [Theory]
    [InlineData(7, 100, 7, 90)]
    [InlineData(8, 5, 7, 100)]
    public void Of_two_answers_for_a_shard_the_later_one_counts(long epoch, long position, long otherEpoch, long otherPosition)
    {
        var later = new ProbeReply([3, 4], [epoch, 1], [position, 1], RowPositions.Empty);
        var earlier = new ProbeReply([3, 5], [otherEpoch, 1], [otherPosition, 2], RowPositions.Empty);
        foreach (var both in new[] { later.With(earlier), earlier.With(later) })
        {
            Assert.Equal([3, 4, 5], both.Shards.Order());
            var at = Array.IndexOf(both.Shards, 3);
            Assert.Equal((epoch, position), (both.Epochs[at], both.Positions[at]));
        }
    }
}
