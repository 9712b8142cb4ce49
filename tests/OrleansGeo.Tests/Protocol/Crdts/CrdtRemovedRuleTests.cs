using CsCheck;
using OrleansGeo.Protocol.Crdts;
using OrleansGeo.Tests.Protocol.Control;
using static OrleansGeo.Tests.Protocol.Crdts.CrdtStep;

namespace OrleansGeo.Tests.Protocol.Crdts;

/// <summary>Without any one rule a schedule breaks a promise, the one that is named: a random one (seeds 1, 2, 3 …) or, where those seldom get there, one by hand.</summary>
public sealed class CrdtRemovedRuleTests
{
    private const int Seeds = 5_000;

    /// <summary>Region 1 knows that region 0 removed the value, and writes; region 2 hears of that first.</summary>
    private static readonly CrdtStep[] _lateRemove =
    [
        Add(0), Write(0), Deliver(0, to: 2), Remove(0), Write(0), Add(0, key: 1), Write(0),
        Deliver(0, to: 1, entries: 4), Add(1), Write(1), Deliver(1, to: 2),
    ];

    /// <summary>Region 0 removed what region 1 had added, and adds it anew; region 2 removes that, and knows nothing of region 1.</summary>
    private static readonly CrdtStep[] _removedTwice =
    [
        Add(1), Write(1), Deliver(1, to: 0), Remove(0), Write(0), Add(0), Write(0),
        Deliver(0, to: 2, entries: 4), Remove(2), Write(2), Deliver(2, to: 0),
    ];

    /// <summary>Region 0 knows that region 2 removed its member; region 1 does not.</summary>
    private static readonly CrdtStep[] _removeNotEverywhere =
    [
        Add(0), Write(0), Deliver(0, to: 1), Deliver(0, to: 2), Remove(2), Write(2), Deliver(2, to: 0),
        Report(1), Report(2), Add(0, key: 1), Write(0), Deliver(0, to: 1, entries: 4),
    ];

    /// <summary>Region 1 overruled region 0's value, then heard of what region 2 wrote over it and said so; region 0 has not heard of the former.</summary>
    private static readonly CrdtStep[] _overruledElsewhere =
    [
        Add(0), Write(0), Add(1), Write(1), Deliver(0, to: 1), Deliver(0, to: 2), Add(2), Write(2), Add(1), Write(1),
        Deliver(2, to: 1), Report(1), Report(2), Deliver(2, to: 0), Add(0, key: 1), Write(0),
    ];

    [Fact]
    public void Dots_that_are_compared_without_the_incarnation() => Reports("causal", CrdtKind.Set, new() { IncarnationFirst = false });

    [Fact]
    public void Adding_a_member_again_without_a_new_version() => Reports("causal", CrdtKind.Set, new() { AddIsAlwaysWritten = false });

    [Fact]
    public void Cleaning_up_what_is_not_known_everywhere() => Reports("causal", CrdtKind.MultiValue, new() { WaitForEverywhere = false }, _lateRemove);

    [Fact]
    public void Cleaning_up_a_tombstone_that_some_region_does_not_have() => Reports("causal", CrdtKind.MultiValue, new() { WaitForOwn = false }, _lateRemove);

    [Fact]
    public void Removing_without_a_tombstone() => Reports("causal", CrdtKind.MultiValue, new() { RemoveLeavesTombstone = false }, _lateRemove);

    [Fact]
    public void Forgetting_what_the_earlier_field_hid() => Reports("causal", CrdtKind.Set, new() { CarrySeen = false }, _removedTwice);

    [Fact]
    public void Cleaning_up_a_value_before_what_hides_it_is_everywhere() => Reports("causal", CrdtKind.Set, new() { WaitForHiding = false }, _removeNotEverywhere);

    [Fact]
    public void Cleaning_up_a_field_that_still_hides() => Reports("causal", CrdtKind.Set, new() { WaitForHidden = false });

    [Fact]
    public void Hiding_a_loser_without_saying_so() => Reports("overruled", CrdtKind.Map, new() { FlagOverruled = false });

    [Fact]
    public void Replacing_an_overruled_field_without_counting_it() => Reports("overruled", CrdtKind.Map, new() { CountOverruled = false });

    [Fact]
    public void Believing_a_region_whose_own_writes_are_not_here_yet() => Reports("overruled", CrdtKind.Map, CrdtRules.All, _overruledElsewhere, waitsForReporters: false);

    [Fact]
    public void Never_cleaning_up() => Reports("bounded", CrdtKind.Set, CrdtRules.All, cleansUp: false);

    private static void Reports(string promise, CrdtKind kind, CrdtRules rules, CrdtStep[] steps, bool waitsForReporters = true)
    {
        CrdtWorld.Run(kind, 3, steps);
        var broken = Assert.Throws<Violation>(() => CrdtWorld.Run(kind, 3, steps, rules, waitsForReporters: waitsForReporters));
        Assert.StartsWith(promise, broken.Message, StringComparison.Ordinal);
    }

    private static void Reports(string promise, CrdtKind kind, CrdtRules rules, bool cleansUp = true)
    {
        var last = "nothing";
        for (var seed = 1u; seed <= Seeds; seed++)
        {
            var (replicas, steps) = Schedules.Generate(new PCG(seed, seed), null, out _);
            try
            {
                CrdtWorld.Run(kind, replicas, steps, rules, cleansUp);
            }
            catch (Violation violation) when (violation.Message.StartsWith(promise, StringComparison.Ordinal))
            {
                return;
            }
            catch (Violation violation)
            {
                last = violation.Message;
            }
        }

        Assert.Fail($"{Seeds} schedules without a rule kept the promise '{promise}'; the last finding was: {last}");
    }
}
