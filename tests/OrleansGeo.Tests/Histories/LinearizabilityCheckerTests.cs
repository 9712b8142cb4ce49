using static OrleansGeo.Tests.Histories.HandHistory;
using DocumentOperation = OrleansGeo.Tests.Histories.Operation<OrleansGeo.Tests.Histories.DocumentAction, OrleansGeo.Tests.Histories.DocumentAnswer>;

namespace OrleansGeo.Tests.Histories;

/// <summary>Histories whose verdict is known.</summary>
public sealed class LinearizabilityCheckerTests
{
    [Fact]
    public void Nothing_happened() => Accepted();

    [Fact]
    public void One_after_the_other() => Accepted(
        Get(1, 2, null), Put(3, 4, "a"), Get(5, 6, "a"), Swap(7, 8, "a", "b"), SwapRefused(9, 10, "a", "c"), Get(11, 12, "b"), Delete(13, 14), Get(15, 16, null));

    [Fact]
    public void A_read_during_a_write_sees_either() => Accepted(Put(1, 2, "a"), Put(3, 10, "b"), Get(4, 5, "a"), Get(6, 7, "b"));

    [Fact]
    public void Concurrent_writes_take_the_order_that_reads_saw() => Accepted(Put(1, 10, "a"), Put(2, 9, "b"), Get(11, 12, "a"));

    [Fact]
    public void Intervals_that_touch_overlap() => Accepted(Put(1, 5, "a"), Get(5, 6, null));

    [Fact]
    public void A_stale_read() => Refused(Get(5, 6, "a"), Put(1, 2, "a"), Put(3, 4, "b"), Get(5, 6, "a"));

    [Fact]
    public void A_read_of_nothing_after_a_write() => Refused(Get(3, 4, null), Put(1, 2, "a"), Get(3, 4, null));

    [Fact]
    public void A_lost_update() => Refused(Swap(6, 9, "a", "c"), Put(1, 2, "a"), Get(3, 4, "a"), Swap(5, 7, "a", "b"), Swap(6, 9, "a", "c"));

    [Fact]
    public void Two_swaps_that_both_win() => Refused(Swap(2, 5, null, "b"), Swap(1, 4, null, "a"), Swap(2, 5, null, "b"));

    [Fact]
    public void A_swap_refused_for_no_reason() => Refused(SwapRefused(3, 4, "a", "b"), Put(1, 2, "a"), SwapRefused(3, 4, "a", "b"));

    [Fact]
    public void A_value_never_written() => Refused(Get(3, 4, "x"), Put(1, 2, "a"), Get(3, 4, "x"));

    [Fact]
    public void A_value_read_before_it_is_written() => Refused(Get(1, 2, "a"), Get(1, 2, "a"), Put(3, 4, "a"));

    [Fact]
    public void A_value_that_returns_after_it_was_overwritten() =>
        Refused(Get(7, 8, "a"), Put(1, 2, "a"), Put(3, 10, "b"), Get(5, 6, "b"), Get(7, 8, "a"), Get(11, 12, "a"));

    [Fact]
    public void Two_readers_who_disagree_on_the_order_of_writes() =>
        Refused(Get(7, 8, "a"), Put(1, 20, "a"), Put(1, 20, "b"), Get(3, 4, "a"), Get(5, 6, "b"), Get(7, 8, "a"));

    [Fact]
    public void Writes_that_do_not_overlap_keep_their_order_whoever_made_them() =>
        Refused(Get(10, 11, "a"), Put(1, 2, "a"), Put(3, 4, "b"), Get(10, 11, "a"));

    [Fact]
    public void An_unknown_write_that_takes_effect_later() =>
        Accepted(Put(1, 2, "a"), UnknownPut(3, "b"), Get(4, 5, "a"), Put(6, 7, "c"), Get(8, 9, "c"), Get(10, 11, "b"));

    [Fact]
    public void An_unknown_write_that_never_takes_effect() => Accepted(Put(1, 2, "a"), UnknownPut(3, "b"), UnknownDelete(3), Get(4, 5, "a"));

    [Fact]
    public void An_unknown_write_seen_and_then_unseen() =>
        Refused(Get(6, 7, "a"), Put(1, 2, "a"), UnknownPut(3, "b"), Get(4, 5, "b"), Get(6, 7, "a"));

    [Fact]
    public void An_unknown_write_seen_before_it_was_asked_for() => Refused(Get(1, 2, "b"), Get(1, 2, "b"), UnknownPut(3, "b"));

    [Fact]
    public void An_unknown_write_that_takes_effect_twice() => Refused(
        Get(8, 9, "b"), Put(1, 2, "a"), UnknownPut(3, "b"), Get(4, 5, "b"), Put(6, 7, "c"), Get(8, 9, "b"));

    [Fact]
    public void Unknown_swaps_build_on_each_other() =>
        Accepted(UnknownSwap(1, null, "a"), UnknownSwap(1, "a", "b"), UnknownSwap(1, "b", "c"), Get(2, 3, "c"), SwapRefused(4, 5, "b", "d"));

    [Fact]
    public void An_unknown_delete_explains_a_refusal() => Accepted(Put(1, 2, "a"), UnknownDelete(3), SwapRefused(4, 5, "a", "b"), Swap(6, 7, null, "c"));

    [Fact]
    public void Versions_against_the_order_of_time() =>
        Refused(Put(3, 4, "b", Version(1, 4)), Put(1, 2, "a", Version(1, 5)), Put(3, 4, "b", Version(1, 4)));

    [Fact]
    public void Versions_that_tell_the_order_of_concurrent_writes() =>
        Refused(Get(6, 7, "a", Version(1, 4)), Put(1, 5, "a", Version(1, 4)), Put(1, 5, "b", Version(1, 5)), Get(6, 7, "a", Version(1, 4)));

    [Fact]
    public void A_value_under_a_version_that_is_not_its_own() =>
        Refused(Get(3, 4, "a", Version(1, 5)), Put(1, 2, "a", Version(1, 4)), Get(3, 4, "a", Version(1, 5)));

    [Fact]
    public void An_old_epoch_that_writes_on() =>
        Refused(Put(3, 4, "b", Version(1, 9)), Put(1, 2, "a", Version(2, 5)), Put(3, 4, "b", Version(1, 9)));

    [Fact]
    public void The_version_of_an_unknown_write_is_learned_from_its_readers() =>
        Refused(Get(6, 7, "b", Version(1, 7)), Put(1, 2, "a", Version(1, 4)), UnknownPut(3, "b"), Get(4, 5, "b", Version(1, 6)), Get(6, 7, "b", Version(1, 7)));

    [Fact]
    public void Local_reads_and_lost_writes_are_not_judged()
    {
        var local = Get(3, 4, "old");
        var lost = Swap(3, 4, "x", "y");
        Accepted(Put(1, 2, "a"), local with { Input = local.Input with { Consistency = SessionConsistency.Local } }, lost with { Output = new(DocumentOutcome.WriteLost) }, Get(5, 6, "a"));
    }

    [Fact]
    public void Every_key_is_judged_by_itself()
    {
        DocumentOperation[] good = [Put(1, 2, "a"), Get(3, 4, "a")];
        DocumentOperation[] bad = [Put(1, 2, "a") with { Key = "other" }, Get(3, 4, null) with { Key = "other" }];
        Assert.True(Check([.. good]).IsAccepted);
        Assert.Equal("other", Check([.. good, .. bad]).Key);
    }

    [Fact]
    public void It_gives_up_rather_than_guess()
    {
        var concurrent = Enumerable.Range(1, 16).Select(i => Put(1, 100, $"{i}")).Append(Get(101, 102, "x")).ToList();
        var verdict = LinearizabilityChecker.Check(new DocumentModel(), concurrent, limit: 1000);
        Assert.Equal((VerdictKind.GaveUp, false), (verdict.Kind, verdict.IsAccepted));
        Assert.Equal(VerdictKind.Refused, Check(concurrent).Kind);
        var wide = Enumerable.Range(1, SearchPlan<DocumentAction, DocumentAnswer>.Slots).Select(i => UnknownPut(1, $"{i}")).Append(Get(2, 3, null));
        Assert.Equal(VerdictKind.GaveUp, Check(wide).Kind);
    }

    [Fact]
    public void A_refusal_says_how_far_it_goes_and_what_is_in_the_way()
    {
        var verdict = Check([Put(1, 2, "a"), Put(3, 10, "b"), Get(5, 6, "b"), Get(7, 8, "a"), Put(20, 21, "later")]);
        Assert.Equal(["put a", "put b", "get Strong"], verdict.Placed.Select(static operation => operation.Input.ToString()));
        Assert.Equal(Get(7, 8, "a"), Assert.Single(verdict.Blocked));
        Assert.Contains("leaves b.", verdict.ToString(), StringComparison.Ordinal);
    }

    private static void Accepted(params DocumentOperation[] history)
    {
        var verdict = Check(history);
        Assert.True(verdict.IsAccepted, verdict.ToString());
    }

    /// <param name="culprit">The operation that has no place when it returns.</param>
    /// <param name="history">What happened.</param>
    private static void Refused(DocumentOperation culprit, params DocumentOperation[] history)
    {
        var verdict = Check(history);
        Assert.Equal(VerdictKind.Refused, verdict.Kind);
        Assert.Equal(culprit, verdict.Blocked[0]);
    }
}
