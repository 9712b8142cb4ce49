using Microsoft.Extensions.Options;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Tests.Failover;

public sealed class RegionAuthorityTests
{
    private static readonly RegionId West = new("westeurope");
    private static readonly ShardMap Map = new(new([West, new("eastus2"), new("southeastasia")]), 1, 1);

    private readonly LeaseClock _clock = new();

    /// <summary>A silo counts from when it asked, so its lease may end before its region's does. Whoever stepped back then must hear that it goes on.</summary>
    [Fact]
    public void A_lease_that_goes_on_after_a_silo_saw_it_end_is_news()
    {
        using var authority = Start();
        Learn(authority);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, authority.Generation);

        var told = 0;
        authority.Changed += () => told++;
        Learn(authority);
        Assert.Equal((1, 1), (authority.Generation, told));
        Learn(authority);
        Assert.Equal(1, told);
    }

    /// <summary>The silo with the region's control plane died: what is known is that nothing is known, for as long as the cluster needs to notice.</summary>
    [Fact]
    public void A_region_is_not_called_cut_off_because_its_control_plane_does_not_answer_or_begins_again()
    {
        var failover = new FailoverOptions();
        using var authority = Start();
        Learn(authority);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((0, false), (authority.Generation, authority.IsIsolated));

        Learn(authority, generation: 0, run: 2);
        _clock.Advance(failover.StartGrace);
        Learn(authority, generation: 0, run: 2);
        Assert.False(authority.IsIsolated);
        _clock.Advance(2 * failover.LeaseDuration);
        Assert.True(authority.IsIsolated);
    }

    /// <summary>It was cut off before, and is.</summary>
    [Fact]
    public void A_region_that_is_cut_off_stays_so_when_its_control_plane_begins_again()
    {
        using var authority = Start();
        Learn(authority);
        Learn(authority, generation: 0);
        _clock.Advance(2 * new FailoverOptions().LeaseDuration);
        Learn(authority, generation: 0, run: 2);
        Assert.True(authority.IsIsolated);
    }

    [Fact]
    public void A_control_plane_that_never_answers_again_is_not_waited_for_for_ever()
    {
        using var authority = Start();
        Learn(authority);
        authority.HearNothing();
        Assert.True(authority.IsUnheard);
        _clock.Advance(TimeSpan.FromMinutes(3));
        Assert.True(authority.IsIsolated);
        Learn(authority);
        Assert.Equal((false, false), (authority.IsIsolated, authority.IsUnheard));
    }

    [Fact]
    public void A_region_whose_control_plane_says_for_a_lease_that_it_has_none_is_cut_off()
    {
        using var authority = Start();
        Learn(authority);
        Learn(authority, generation: 0);
        Assert.False(authority.IsIsolated);
        _clock.Advance(2 * new FailoverOptions().LeaseDuration);
        Assert.True(authority.IsIsolated);
        Learn(authority);
        Assert.False(authority.IsIsolated);
    }

    private RegionAuthority Start()
    {
        var topology = new CurrentTopology(WorldTopology.Initial(Map));
        topology.Decide(TopologyChanges.Record(topology.Decided, West, generation: 1)!);
        return new(topology, _clock, TimeProvider.System, Options.Create(new GeoOptions { Region = West.Name }), Options.Create(new FailoverOptions()));
    }

    private void Learn(RegionAuthority authority, long generation = 1, long run = 1) =>
        authority.Learn(_clock.Now, new(2, null, generation, TimeSpan.FromSeconds(1).TotalMilliseconds, [], IsTrusted: true, Run: run));
}
