using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Leases;
using OrleansGeo.Protocol.Topology;
using static OrleansGeo.Tests.Protocol.Control.ControlBench;

namespace OrleansGeo.Tests.Protocol.Control;

/// <summary>What throws, or cannot be read, holds nothing else up.</summary>
public sealed class FailingChangeTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private readonly ControlBench _bench = new();
    private readonly List<string> _told = [];

    [Fact]
    public void A_change_that_throws_fails_alone_and_its_caller_is_told()
    {
        Settle();

        // The first is under way; the others go together, after it.
        Change("first", static topology => TopologyChanges.SetMode(topology, B, RegionMode.Drained));
        Change("bad", static _ => throw new NotSupportedException("Of a newer version."));
        Change("impossible", static topology => TopologyChanges.Reallot(topology, 0, topology.HomeOf(0), new("elsewhere")));
        Change("good", static topology => TopologyChanges.SetMode(topology, C, RegionMode.Restoring));
        _bench.RunFor(Soon);
        Assert.Equal(["bad: Of a newer version.", "first: True", "good: True"], _told.Where(static told => !told.StartsWith("impossible", StringComparison.Ordinal)).Order());
        Assert.Contains("elsewhere", Assert.Single(_told, static told => told.StartsWith("impossible", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal((RegionMode.Drained, RegionMode.Restoring), (_bench.Decided.StateOf(B).Mode, _bench.Decided.StateOf(C).Mode));
        Assert.Equal([typeof(ArgumentException), typeof(NotSupportedException)], _bench.Failures.Select(static failure => failure.Exception.GetType()).OrderBy(static type => type.Name));

        // The register is free.
        Change("later", static topology => TopologyChanges.SetMode(topology, B, RegionMode.Normal));
        Assert.True(_bench.RunUntil(() => _told.Contains("later: True"), Soon));
    }

    [Fact]
    public void A_change_that_throws_on_its_own_leaves_the_register_free()
    {
        Settle();
        Change("bad", static _ => throw new NotSupportedException("Of a newer version."));
        _bench.RunFor(Soon);
        Change("later", static topology => TopologyChanges.SetMode(topology, B, RegionMode.Drained));
        Assert.True(_bench.RunUntil(() => _told.Contains("later: True"), Soon));
        Assert.Equal(["bad: Of a newer version.", "later: True"], _told);
    }

    [Fact]
    public void Who_did_not_ask_for_failures_is_told_that_it_was_not_applied()
    {
        Settle();
        bool? applied = null;
        _bench.Control.Change(static _ => throw new NotSupportedException("Of a newer version."), outcome => applied = outcome, _bench.Now);
        _bench.RunFor(Soon);
        Assert.Equal((false, "topology"), (applied, Assert.Single(_bench.Failures).Register));
    }

    [Fact]
    public void A_callback_that_throws_keeps_no_other_from_being_told()
    {
        Settle();
        _bench.Control.Change(static topology => TopologyChanges.SetMode(topology, B, RegionMode.Drained), _ => throw new InvalidOperationException("A bug."), _bench.Now);
        _bench.Control.Change(static topology => TopologyChanges.SetMode(topology, B, RegionMode.Drained), _ => throw new InvalidOperationException("Another."), _bench.Now);
        Change("good", static topology => TopologyChanges.SetMode(topology, C, RegionMode.Restoring));
        _bench.RunFor(Soon);
        Assert.Equal(["good: True"], _told);
        Assert.Equal(["A bug.", "Another."], _bench.Failures.Select(static failure => failure.Exception.Message));
        Assert.True(_bench.Control.HoldsLease(_bench.Now));
    }

    [Fact]
    public void A_topology_of_a_newer_version_fails_what_is_asked_of_it_and_is_not_asked_for_without_pause()
    {
        Settle();
        var known = _bench.Control.Topology;
        _bench.Decide("topology", Newer(TopologyCodec.Encode(known)));
        Change("asked", static topology => TopologyChanges.SetMode(topology, B, RegionMode.Drained));
        Assert.True(_bench.RunUntil(() => _told.Count > 0, Soon));
        Assert.Contains("newer version", Assert.Single(_told), StringComparison.Ordinal);
        _bench.Asked.Clear();
        _bench.RunFor(TimeSpan.FromSeconds(20));

        // The lease is renewed all the while, and what is known stays known.
        Assert.True(_bench.Control.MayAct(_bench.Now));
        Assert.Same(known, _bench.Control.Topology);
        Assert.DoesNotContain("topology", _bench.Asked);
        Assert.All(_bench.Failures, static failure => Assert.Equal("topology", failure.Register));

        _bench.Decide("topology", TopologyCodec.Encode(known));
        Change("again", static topology => TopologyChanges.SetMode(topology, B, RegionMode.Drained));
        Assert.True(_bench.RunUntil(() => _told.Contains("again: True"), Soon));
    }

    /// <summary>A region that starts records its lease by itself, which it would do again and again.</summary>
    [Fact]
    public void A_region_that_cannot_read_the_topology_asks_for_it_no_more_than_once_a_second()
    {
        _bench.Decide("topology", Newer(TopologyCodec.Encode(_bench.Control.Topology)));
        _bench.RunFor(TimeSpan.FromSeconds(20));
        Assert.True(_bench.Control.HoldsLease(_bench.Now));
        Assert.False(_bench.Control.MayAct(_bench.Now));
        Assert.InRange(_bench.Asked.Count(static register => register == "topology"), 5, 25);
        _bench.Decide("topology", TopologyCodec.Encode(_bench.Control.Topology));
        Assert.True(_bench.RunUntil(() => _bench.Control.MayAct(_bench.Now), Soon));
    }

    [Fact]
    public void A_lease_of_a_newer_version_is_not_acquired_and_asked_for_no_more_than_once_a_second()
    {
        Settle();
        _bench.Decide(RegisterNames.LeaseOf(A), Newer(new LeaseValue(7, true, 5, 1, TimeSpan.FromSeconds(4)).Encode()));
        Assert.True(_bench.RunUntil(() => !_bench.Control.HoldsLease(_bench.Now), TimeSpan.FromSeconds(10)));
        _bench.Asked.Clear();
        _bench.RunFor(TimeSpan.FromSeconds(20));
        Assert.False(_bench.Control.HoldsLease(_bench.Now));
        Assert.Contains("newer version", _bench.Control.LostBecause, StringComparison.Ordinal);
        Assert.InRange(_bench.Asked.Count(static register => register == RegisterNames.LeaseOf(A)), 5, 25);

        // What was asked of the topology meanwhile is decided.
        Change("asked", static topology => TopologyChanges.SetMode(topology, B, RegionMode.Drained));
        Assert.True(_bench.RunUntil(() => _told.Contains("asked: True"), Soon));
        _bench.Decide(RegisterNames.LeaseOf(A), new LeaseValue(8, false, 1, 2, TimeSpan.FromSeconds(4)).Encode());
        Assert.True(_bench.RunUntil(() => _bench.Control.MayAct(_bench.Now), Soon));
        Assert.Equal(9, _bench.Control.Generation);
    }

    /// <summary>It lives, and is upgraded. Seen first as this version writes it, or not.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Another_regions_lease_of_a_newer_version_is_never_revoked(bool isSeenBefore)
    {
        var lease = new LeaseValue(3, true, 5, 1, TimeSpan.FromSeconds(4));
        _bench.Renewing.Remove(B);
        _bench.Decide(RegisterNames.LeaseOf(B), isSeenBefore ? lease.Encode() : Newer(lease.Encode()));
        Settle();
        for (var renewal = 2; renewal < 12; renewal++)
        {
            _bench.Decide(RegisterNames.LeaseOf(B), Newer((lease with { Renewal = renewal }).Encode()));
            _bench.Observe(RegisterNames.LeaseOf(B));
            _bench.RunFor(TimeSpan.FromSeconds(1));
            Assert.Equal(isSeenBefore, _bench.Control.IsLive(B, _bench.Now));
        }

        // Nor when it is not renewed any more: whether it has ended cannot be said.
        _bench.RunFor(TimeSpan.FromSeconds(30));
        Assert.False(_bench.Control.HasEnded(B, out _));
        Assert.True(_bench.Control.MayAct(_bench.Now));
        Assert.All(_bench.Failures, static failure => Assert.Equal(RegisterNames.LeaseOf(B), failure.Register));
        Assert.NotEmpty(_bench.Failures);

        _bench.Decide(RegisterNames.LeaseOf(B), (lease with { Generation = 4, Renewal = 30 }).Encode());
        Assert.True(_bench.RunUntil(() => _bench.Control.IsLive(B, _bench.Now), Soon));
    }

    private void Settle() => Assert.True(_bench.RunUntil(() => _bench.Control.MayAct(_bench.Now), Soon));

    private void Change(string name, Func<WorldTopology, WorldTopology?> change) =>
        _bench.Control.Change(change, applied => _told.Add($"{name}: {applied}"), _bench.Now, exception => _told.Add($"{name}: {exception.Message}"));
}
