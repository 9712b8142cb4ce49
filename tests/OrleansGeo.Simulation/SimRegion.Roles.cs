using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Simulation.Shells;

namespace OrleansGeo.Simulation;

/// <summary>What a region is to its shards, and whether it may be that now.</summary>
internal sealed partial class SimRegion
{
    private readonly RoleGate[] _gates = new RoleGate[world.ShardCount];
    private readonly HomeBefore[] _homesBefore = new HomeBefore[world.ShardCount];

    public ShardState StateOf(int shard) => Topology[world.MapIndexOf(shard)];

    public bool HasLease => Control is { } control && (world.Config.Fault == SimFault.LeaseGenerationUnchecked
        ? control.Control.HoldsLease(Now)
        : control.Control.MayAct(Now));

    /// <summary>
    /// The check of a home: when a request comes, before it acknowledges, and after a strong read. It needs the lease, the shard by the newest
    /// topology known here, and that it has not agreed to give it away.
    /// </summary>
    public bool MayServe(int shard, FencingToken token) => world.IsRow(shard) ? MayServeRow(shard, token) : HasLease && !_gates[shard].IsGivenAway && Assigned(StateOf(shard), token);

    /// <summary>Whether the shard's home may be opened here at all.</summary>
    public bool MayOpen(int shard, FencingToken token) => MayServe(shard, token) && token.Epoch >= _gates[shard].Shown;

    public bool IsWithdrawing(int shard) => _gates[shard].Withdrawals > 0;

    /// <summary>Somebody showed a higher epoch of the shard: until the topology tells of it, nothing here may be home.</summary>
    public void Shown(int shard, long epoch) => _gates[shard].Shown = Math.Max(_gates[shard].Shown, epoch);

    /// <summary>From here until the next activation has read the store, nobody here serves the shard.</summary>
    public void Leave(int shard) => _gates[shard].Leaving = true;

    public void Returned(int shard) => _gates[shard].Leaving = false;

    /// <summary>
    /// Gives the shard's next epoch away, or to this region again. From when it is asked: whoever is allotted it may know before this region does.
    /// </summary>
    public void Reallot(int shard, HomeAssignment home, RegionId to)
    {
        var index = world.MapIndexOf(shard);
        _gates[shard].Reallotments++;
        Control!.Ask(topology => TopologyChanges.Reallot(topology, index, home, to), _ =>
        {
            _gates[shard].Reallotments--;
            Control!.Review();
        });
        Activate(shard);
    }

    /// <summary>Takes a reservation back. Until the outcome is known, no activation may send the token.</summary>
    public void Withdraw(int shard, HomeAssignment home, FencingToken reserved)
    {
        var index = world.MapIndexOf(shard);
        _gates[shard].Withdrawals++;
        Control!.Ask(topology => TopologyChanges.Withdraw(topology, index, home, reserved), _ => _gates[shard].Withdrawals--);
    }

    /// <summary>Starts over with a shard: whatever it is to this region now.</summary>
    public void Activate(int shard, HandOverToken? token = null)
    {
        Shells[shard]?.Stop();
        var opening = new OpeningShell(world, this, shard, token);
        Shells[shard] = opening;
        opening.Open();
    }

    /// <summary>A home ends here: the replica that follows goes on showing what was acknowledged, and knows until when nobody else can have acknowledged more.</summary>
    public void WasHome(int shard, LogPosition committed, TimeSpan? freshAt) => _homesBefore[shard] = new(committed, freshAt);

    public HomeBefore TakeHomeBefore(int shard)
    {
        var was = _homesBefore[shard];
        _homesBefore[shard] = default;
        return was;
    }

    public void Become(ShardShell shell, int shard)
    {
        Shells[shard]?.Stop();
        Shells[shard] = shell;
        shell.Open();
    }

    /// <summary>The topology or the lease changed: ends what may not go on, begins what may.</summary>
    public void Review()
    {
        for (var shard = 0; shard < Shells.Length; shard++)
        {
            if (Shells[shard] is { } shell && !shell.MayGoOn())
            {
                Activate(shard);
            }
        }

        foreach (var zombie in _zombies.ToArray())
        {
            if (!zombie.MayGoOn())
            {
                zombie.Stop();
            }
        }
    }

    /// <summary>The owner needs no lease for its row, and nobody else can have it.</summary>
    private bool MayServeRow(int shard, FencingToken token) =>
        token.Region == Id && Rows is { IsTrusted: true } && (index == world.OwnerOf(shard) || world.Config.Fault == SimFault.RowShardPromoted);

    private static bool Assigned(ShardState shard, FencingToken token) => shard.Home.Token == token || shard.ReservedToken == token;

    internal readonly record struct HomeBefore(LogPosition Committed, TimeSpan? FreshAt);

    private record struct RoleGate(long Shown, bool Leaving, int Reallotments, int Withdrawals)
    {
        public readonly bool IsGivenAway => Leaving || Reallotments > 0;
    }
}
