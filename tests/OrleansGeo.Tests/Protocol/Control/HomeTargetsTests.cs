using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Protocol.Control;

/// <summary>Which homes a region gives away by itself.</summary>
public sealed class HomeTargetsTests
{
    private static readonly RegionId West = new("west");
    private static readonly RegionId East = new("east");
    private static readonly RegionId North = new("north");
    private static readonly ShardMap Map = new(new([West, East, North]), 16, 1, new());
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(60);

    private readonly Dictionary<RegionId, TimeSpan?> _healthy = new() { [West] = Delay, [East] = Delay, [North] = Delay };

    /// <summary>All homes are where they are preferred.</summary>
    private WorldTopology _decided = WorldTopology.Initial(Map);

    /// <summary>A home of this region that is preferred in another one.</summary>
    private static int Foreign => Enumerable.Range(0, Map.Count).First(static shard => Map.PreferredHome(shard) == East);

    private static int Own => Enumerable.Range(0, Map.Count).First(static shard => Map.PreferredHome(shard) == West);

    [Fact]
    public void A_home_goes_back_to_where_it_is_preferred_once_that_has_been_well_for_a_while()
    {
        Assert.Equal(East, Targets().Of(_decided, Foreign));
        _healthy[East] = Delay - TimeSpan.FromMilliseconds(1);
        Assert.Null(Targets().Of(_decided, Foreign));
        _healthy[East] = Delay;
        Assert.Null(Targets(failback: false).Of(_decided, Foreign));
    }

    [Fact]
    public void A_home_goes_back_at_once_to_a_region_that_an_operator_restored()
    {
        _healthy[East] = TimeSpan.Zero;
        _decided = TopologyChanges.SetMode(_decided, East, RegionMode.Restoring)!;
        Assert.Equal(East, Targets(failback: false).Of(_decided, Foreign));
    }

    [Fact]
    public void A_home_stays_while_no_better_region_can_have_it()
    {
        _healthy[East] = null;
        var target = Targets().Of(_decided, Foreign);
        Assert.NotEqual(East, target);
        (_healthy[North], _healthy[West]) = (null, Delay);
        Assert.Null(Targets().Of(_decided, Foreign));
    }

    [Fact]
    public void A_home_that_is_preferred_here_stays_unless_its_region_is_left()
    {
        _healthy[West] = null;
        Assert.Null(Targets().Of(_decided, Own));
        _decided = TopologyChanges.SetMode(_decided, West, RegionMode.Drained)!;
        (_healthy[East], _healthy[North]) = (TimeSpan.Zero, TimeSpan.Zero);
        Assert.NotNull(Targets(failback: false).Of(_decided, Own));
    }

    [Fact]
    public void Homes_go_a_few_at_a_time()
    {
        Leave();
        Assert.Equal(2, Choose(atOnce: 2).Count);
        var reserved = Enumerable.Range(0, Map.Count).First(shard => _decided[shard].Home.Region == West);
        _decided = TopologyChanges.Reserve(_decided, West, new Dictionary<int, RegionId> { [reserved] = East })!;
        var chosen = Choose(atOnce: 2);
        Assert.Single(chosen);
        Assert.DoesNotContain(reserved, chosen.Keys);
    }

    [Fact]
    public void A_home_waits_for_a_replica_that_is_far_behind_or_out_of_reach()
    {
        Leave();
        Assert.NotEmpty(Choose(lag: 1_000));
        Assert.Empty(Choose(lag: 1_001));
        Assert.Empty(Choose(lag: null));
    }

    [Fact]
    public void Nothing_is_given_away_without_a_lease_or_by_a_store_that_may_have_forgotten()
    {
        Leave();
        Assert.NotEmpty(Choose());
        Assert.Empty(Choose(generation: 0));
        Assert.Empty(Choose(isStoreTrusted: false));
    }

    [Fact]
    public void A_home_of_an_earlier_epoch_and_a_row_are_not_given_away()
    {
        Leave();
        Assert.Empty(Targets().Choose(_decided, 1, true, [new(Own, new(West, 7), static _ => 0), new(Map.Count, new(West, 1), static _ => 0)]));
    }

    private void Leave()
    {
        _decided = TopologyChanges.SetMode(_decided, West, RegionMode.Drained)!;
        _healthy[West] = null;
    }

    private HomeTargets Targets(bool failback = true, int atOnce = 16) =>
        new(new() { Self = West, Failback = failback, FailbackDelay = Delay, HandOversAtOnce = atOnce }, region => _healthy[region]);

    private Dictionary<int, RegionId> Choose(int atOnce = 16, long? lag = 0, long generation = 1, bool isStoreTrusted = true)
    {
        var homes = Enumerable.Range(0, Map.Count).Where(shard => _decided[shard].Home.Region == West);
        return Targets(atOnce: atOnce).Choose(_decided, generation, isStoreTrusted, homes.Select(shard => new HomeAtHand(shard, _decided[shard].Home, _ => lag)));
    }
}
