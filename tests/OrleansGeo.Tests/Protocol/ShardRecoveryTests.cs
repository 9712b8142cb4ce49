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
    public void The_owner_of_a_row_shard_whose_store_forgot_asks_so_many_others_that_no_majority_is_missed()
    {
        var (self, behind, ahead) = (new RegionId("a"), new RegionId("b"), new RegionId("c"));
        var token = Token("a", 3);
        var recovery = new ShardRecovery(token, new Quorums(3), isRow: true);
        recovery.Promised(self, Head(token, Row(1, 1)));
        recovery.Promised(behind, Head(token, Row(1, 1)));
        Assert.IsType<RecoveryStep.Wait>(recovery.Next());
        recovery.Promised(ahead, Head(token, Row(1, 1), Row(2, 2)));
        Assert.IsType<RecoveryStep.Fetch>(recovery.Next());
    }
}
