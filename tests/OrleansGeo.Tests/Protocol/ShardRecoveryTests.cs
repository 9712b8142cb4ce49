using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using static OrleansGeo.Tests.Protocol.Entries;

namespace OrleansGeo.Tests.Protocol;

public sealed class ShardRecoveryTests
{
    [Fact]
    public void A_store_that_is_being_copied_fences_and_has_no_log_to_take()
    {
        var (self, copying) = (new RegionId("a"), new RegionId("b"));
        var token = Token("a", 3);
        var recovery = new ShardRecovery(token, new Quorums(3));
        recovery.Promised(self, Head(token, Row(1, 1)));
        recovery.Promised(copying, Head(token, Row(1, 1), Row(2, 2)) with { Copying = true });
        Assert.IsType<RecoveryStep.Open>(recovery.Next());
    }

    [Fact]
    public void A_region_that_cannot_read_the_longest_log_takes_none_of_it_and_leaves_the_shard_to_who_has_it()
    {
        var (self, ahead) = (new RegionId("a"), new RegionId("b"));
        var token = Token("a", 3);
        var recovery = new ShardRecovery(token, new Quorums(3));
        recovery.Promised(self, Head(token, Row(1, 1)));
        recovery.Promised(ahead, Head(token, Row(1, 1), Row(2, 2)));
        Assert.Equal(new RecoveryStep.Fetch(ahead, At(2)), recovery.Next());
        Assert.True(recovery.CanRead(ahead, [Row(2, 2)]));
        Assert.Equal(new RecoveryStep.Fetch(ahead, At(2)), recovery.Next());
        Assert.False(recovery.CanRead(ahead, [Row(2, 2), Newer(Row(2, 3))]));
        Assert.Equal(ahead, Assert.IsType<RecoveryStep.Unreadable>(recovery.Next()).Source);
    }

    [Fact]
    public void The_owner_of_a_row_shard_whose_store_forgot_asks_so_many_others_that_no_majority_is_missed()
    {
        var (self, behind, ahead) = (new RegionId("a"), new RegionId("b"), new RegionId("c"));
        var token = Token("a", 3);
        var recovery = new ShardRecovery(token, new Quorums(3), isOwnProven: false);
        recovery.Promised(self, Head(token, Row(1, 1)));
        recovery.Promised(behind, Head(token, Row(1, 1)));
        Assert.IsType<RecoveryStep.Wait>(recovery.Next());
        recovery.Promised(ahead, Head(token, Row(1, 1), Row(2, 2)));
        Assert.IsType<RecoveryStep.Fetch>(recovery.Next());
    }
}
