using OrleansGeo.Protocol.Logs;
using static OrleansGeo.Tests.Histories.HandHistory;

namespace OrleansGeo.Tests.Histories;

/// <summary>Sessions whose verdict is known.</summary>
public sealed class SessionCheckerTests
{
    private static readonly RecordVersion V4 = Version(1, 4);
    private static readonly RecordVersion V6 = Version(1, 6);
    private static readonly RecordVersion V9 = Version(1, 9);

    [Fact]
    public void A_session_that_reads_what_it_wrote_and_then_newer() => Holds(
        Write("s", "a", V4), Read("s", "a", V4), Write("t", "b", V6), Read("s", "b", V6), Read("s", "b", V6), Write("s", "c", V9), Read("s", "c", V9));

    [Fact]
    public void Sessions_and_entities_are_judged_by_themselves() => Holds(
        Write("s", "a", V4), Write("s", "b", V6), Read("t", "a", V4), Write("s", "a", V4) with { Entity = "other" }, Read("s", "b", V6));

    [Fact]
    public void A_session_that_does_not_read_its_own_write() =>
        Violates("own write", Write("s", "b", V6), Read("s", "a", V4), Write("s", "a", V4), Write("s", "b", V6), Read("s", "a", V4));

    [Fact]
    public void A_session_that_reads_backwards() =>
        Violates("older", Read("s", "b", V6), Read("s", "a", V4), Write("t", "a", V4), Write("t", "b", V6), Read("s", "b", V6), Read("s", "a", V4));

    [Fact]
    public void A_local_read_may_be_old_and_counts_as_seen()
    {
        Holds(Write("s", "b", V6), Read("s", "a", V4) with { Consistency = SessionConsistency.Local }, Read("s", "b", V6));
        var seen = Read("s", "b", V6) with { Consistency = SessionConsistency.Local };
        Violates("older", seen, Read("s", "a", V4), Write("t", "a", V4), seen, Read("s", "a", V4));
    }

    [Fact]
    public void A_new_version_with_an_old_value() =>
        Violates("another version", Write("t", "a", V4), Read("s", "a", V6), Write("t", "a", V4), Write("s", "b", V6), Read("s", "a", V6));

    [Fact]
    public void An_old_value_without_a_version() =>
        Violates("own write", Write("s", "b", V6), Read("s", "a", null), Write("t", "a", V4), Write("s", "b", V6), Read("s", "a", null));

    [Fact]
    public void A_value_of_an_unknown_write_is_judged_by_its_version() =>
        Violates("older", Read("s", "b", V6), Read("s", "x", V4), Write("t", "b", V6), Write("t", "x", null), Read("s", "b", V6), Read("s", "x", V4));

    [Fact]
    public void Nothing_where_there_was_something()
    {
        Violates("nothing was deleted", Write("s", "a", V4), Read("s", null, null), Write("s", "a", V4), Read("s", null, null));
        Violates("nothing was deleted", Write("s", "b", V6), Read("s", null, RecordVersion.None), Write("s", "a", V4), Delete("t", Version(1, 5)), Write("s", "b", V6), Read("s", null, RecordVersion.None));
        Violates("own write", Write("s", "b", V6), Read("s", null, V4), Delete("t", V4), Write("s", "b", V6), Read("s", null, V4));
    }

    [Fact]
    public void Nothing_after_a_deletion() => Holds(
        Write("s", "a", V4), Delete("t", V6), Read("s", null, V6), Read("s", null, RecordVersion.None), Write("s", "b", V9), Read("s", "b", V9), Delete("s", null), Read("s", null, null));

    [Fact]
    public void What_a_session_deleted_stays_deleted() =>
        Violates("own write", Delete("s", V6), Read("s", "a", V4), Write("s", "a", V4), Delete("s", V6), Read("s", "a", V4));

    [Fact]
    public void A_loss_that_nobody_told()
    {
        Violates("not told", Write("s", "b", V9), Read("s", "c", Version(2, 7)), Write("s", "b", V9), Write("t", "c", Version(2, 7)), Read("s", "c", Version(2, 7)));

        // Another session's write shows that epoch 2 began at 7 or before, so that what was at 1.9 is gone.
        Violates("not told", Write("s", "b", V9), Read("s", "d", Version(2, 12)), Write("s", "b", V9), Write("t", "c", Version(2, 7)), Write("t", "d", Version(2, 12)), Read("s", "d", Version(2, 12)));
    }

    [Fact]
    public void A_loss_that_was_told_lowers_what_is_expected()
    {
        var told = Read("s", null, V6) with { ToldWriteLost = true };
        Holds(Write("t", "a", V6), Write("s", "b", V9), Write("t", "c", Version(2, 8)), told, Read("s", "a", V6), Read("s", "c", Version(2, 8)));
        Violates("repaired token", told, Read("s", "z", V4), Write("t", "z", V4), Write("s", "b", V9), told, Read("s", "z", V4));
    }

    [Fact]
    public void A_region_that_still_reads_what_was_cut_off() =>
        Violates("older", Read("s", "c", Version(2, 8)), Read("s", "b", V9), Write("t", "b", V9), Write("t", "c", Version(2, 8)), Read("s", "c", Version(2, 8)), Read("s", "b", V9));

    [Fact]
    public void Every_violation_is_reported() => Assert.Equal(2, SessionChecker.Check(
        [Write("s", "a", V4), Write("s", "b", V6), Read("s", "a", V4), Read("s", "b", V6), Read("s", "a", V4)]).Count);

    [Fact]
    public void Values_must_be_unique() =>
        Assert.Throws<ArgumentException>(static () => SessionChecker.Check([Write("s", "a", V4), Write("t", "a", V6)]));

    private static SessionOperation Write(string session, string value, RecordVersion? version) =>
        new(session, SessionActionKind.Write, "doc", SessionConsistency.Local, version, value);

    private static SessionOperation Delete(string session, RecordVersion? version) =>
        new(session, SessionActionKind.Delete, "doc", SessionConsistency.Local, version, null);

    private static SessionOperation Read(string session, string? value, RecordVersion? version) =>
        new(session, SessionActionKind.Read, "doc", SessionConsistency.Session, version, value);

    private static void Holds(params SessionOperation[] history) => Assert.Empty(SessionChecker.Check(history));

    private static void Violates(string rule, SessionOperation earlier, SessionOperation later, params SessionOperation[] history)
    {
        var violation = Assert.Single(SessionChecker.Check(history));
        Assert.Contains(rule, violation.Rule, StringComparison.Ordinal);
        Assert.Equal((earlier, later), (violation.Earlier, violation.Later));
    }
}
