using System.Collections.Immutable;
using System.Numerics;
using OrleansGeo.Protocol.Logs;
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
    public void A_region_whose_own_store_may_have_forgotten_asks_so_many_others_that_no_majority_is_missed()
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

    /// <summary>What a majority had, and at most one of its stores forgot, is on a store that answered and did not forget it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void Stores_that_know_all_miss_nothing_that_a_majority_had(int regions)
    {
        var quorums = new Quorums(regions);
        var (all, accepted) = ((1u << regions) - 1, 0);
        for (var had = 0u; had <= all; had++)
        {
            if (BitOperations.PopCount(had) < quorums.Majority)
            {
                continue;
            }

            foreach (var forgot in Enumerable.Range(0, regions).Select(static region => 1u << region).Append(0u))
            {
                // What no store has any more cannot be found: in a world of one region, all that its store forgot.
                var has = had & ~forgot;
                for (var unproven = 0u; has != 0 && unproven <= all; unproven++)
                {
                    for (var answered = 0u; (unproven & forgot) == forgot && answered <= all; answered++)
                    {
                        if (quorums.KnowAll(BitOperations.PopCount(answered & ~unproven), BitOperations.PopCount(answered)))
                        {
                            accepted++;
                            Assert.True((answered & has) != 0, $"{regions} regions, {had:b} had it, {forgot:b} forgot it, {unproven:b} are not proven, {answered:b} answered.");
                        }
                    }
                }
            }
        }

        Assert.True(accepted > 0);
    }

    [Fact]
    public void A_store_that_may_have_forgotten_has_no_vote_and_its_log_can_be_taken()
    {
        var (self, unproven, proven) = (new RegionId("a"), new RegionId("b"), new RegionId("c"));
        var token = Token("a", 3);
        var recovery = new ShardRecovery(token, new Quorums(3));
        recovery.Promised(self, Head(token, Row(1, 1)));
        recovery.Promised(unproven, Head(token, Row(1, 1), Row(2, 2)), isProven: false);
        Assert.IsType<RecoveryStep.Wait>(recovery.Next());
        recovery.Promised(proven, Head(token, Row(1, 1)));
        Assert.Equal(new RecoveryStep.Fetch(unproven, At(2)), recovery.Next());
    }

    [Fact]
    public void A_store_that_answers_again_after_it_may_have_forgotten_counts_no_more()
    {
        var (self, other) = (new RegionId("a"), new RegionId("b"));
        var token = Token("a", 3);
        var recovery = new ShardRecovery(token, new Quorums(3));
        recovery.Promised(self, Head(token, Row(1, 1)));
        recovery.Promised(other, Head(token, Row(1, 1), Row(2, 2)));
        recovery.Promised(other, Head(token), isProven: false);
        Assert.IsType<RecoveryStep.Wait>(recovery.Next());
    }

    [Fact]
    public void A_source_that_failed_twice_in_a_row_is_left_for_another_one_that_has_as_much()
    {
        var (self, gone, next) = (new RegionId("a"), new RegionId("b"), new RegionId("c"));
        var recovery = Behind(self, gone, next);
        Assert.Equal(new RecoveryStep.Fetch(gone, At(2)), recovery.Next());
        recovery.Failed(gone);
        Assert.Equal(new RecoveryStep.Fetch(gone, At(2)), recovery.Next());
        recovery.Failed(gone);
        Assert.Equal(new RecoveryStep.Fetch(next, At(2)), recovery.Next());
    }

    [Fact]
    public void A_source_that_answers_between_two_failures_is_kept()
    {
        var (self, slow, next) = (new RegionId("a"), new RegionId("b"), new RegionId("c"));
        var recovery = Behind(self, slow, next);
        recovery.Failed(slow);
        Assert.True(recovery.Fetched(Head(recovery.Token, Row(1, 1), Row(2, 2))));
        recovery.Failed(slow);
        Assert.Equal(new RecoveryStep.Fetch(slow, At(2)), recovery.Next());
    }

    [Fact]
    public void Without_a_source_that_failed_and_enough_others_every_store_is_asked_anew()
    {
        var (self, gone) = (new RegionId("a"), new RegionId("b"));
        var recovery = Behind(self, gone);
        recovery.Failed(gone);
        recovery.Failed(gone);
        Assert.IsType<RecoveryStep.Again>(recovery.Next());
    }

    [Fact]
    public void A_source_whose_promise_is_gone_is_an_older_store_and_every_one_is_asked_anew()
    {
        var (self, older) = (new RegionId("a"), new RegionId("b"));
        var recovery = Behind(self, older);
        Assert.False(recovery.Fetched(Head(Token("b", 2), Row(1, 1), Row(2, 2))));
        Assert.IsType<RecoveryStep.Again>(recovery.Next());
    }

    [Fact]
    public void A_region_misses_nothing_of_a_log_that_it_has_and_is_told_from_where_on_it_misses_another()
    {
        var (self, other) = (new RegionId("a"), new RegionId("b"));
        var token = Token("a", 9);
        var own = Head(token, Row(1, 1), Row(3, 2), Row(3, 3));
        LogPosition? Misses(ShardHead? head)
        {
            var recovery = new ShardRecovery(token, new Quorums(3));
            recovery.Promised(self, own);
            if (head is not null)
            {
                recovery.Promised(other, head);
            }

            return recovery.MissesOf(other, own);
        }

        Assert.Null(Misses(Head(token)));
        Assert.Null(Misses(Head(token, Row(1, 1))));
        Assert.Null(Misses(own));
        Assert.Equal(At(4), Misses(null));
        Assert.Equal(At(4), Misses(own with { Copying = true }));
        Assert.Equal(At(4), Misses(Head(token, Row(1, 1), Row(3, 2), Row(3, 3), Row(3, 4))));
        Assert.Equal(At(2), Misses(Head(token, Row(1, 1), Row(2, 2))));
    }

    /// <summary>A recovery of a region whose log ends before that of the others.</summary>
    private static ShardRecovery Behind(RegionId self, params ImmutableArray<RegionId> others)
    {
        var token = new FencingToken(self, 3);
        var recovery = new ShardRecovery(token, new Quorums(3));
        recovery.Promised(self, Head(token, Row(1, 1)));
        foreach (var other in others)
        {
            recovery.Promised(other, Head(token, Row(1, 1), Row(2, 2)));
        }

        return recovery;
    }
}
