using OrleansGeo.Protocol.Topology;
using OrleansGeo.Simulation.Shells;

namespace OrleansGeo.Simulation;

/// <summary>What a region knows that its shards' seats look at.</summary>
internal sealed partial class SimRegion
{
    private readonly long[] _heard = new long[world.ShardCount];
    private (long Generation, TimeSpan Until) _held;
    private (long Generation, TimeSpan Until) _ended;

    public ShardState StateOf(int shard) => Topology[world.MapIndexOf(shard)];

    public bool HasLease => Generation > 0;

    /// <summary>The generation under which this region may act now; 0: it may not.</summary>
    public long Generation => Control is { } control && (world.Config.Fault == SimFault.LeaseGenerationUnchecked ? control.Control.HoldsLease(Now) : control.Control.MayAct(Now))
        ? control.Control.Generation
        : 0;

    /// <summary>Somebody spoke of an epoch of the shard.</summary>
    public void Hear(int shard, long epoch)
    {
        if (epoch > _heard[shard] && !world.IsRow(shard))
        {
            _heard[shard] = epoch;
            foreach (var seat in AllSeats.Where(seat => seat.Shard == shard).ToList())
            {
                seat.Wake();
            }
        }
    }

    public long HeardOf(int shard) => _heard[shard];

    /// <summary>Until when nobody but this region can have been home of what it was home of under a generation; null: not known any more.</summary>
    public TimeSpan? ActedUntilUnder(long generation)
    {
        NoteLease();
        return generation == _held.Generation && generation > 0 ? Min(_held.Until, Now)
            : generation == _ended.Generation && generation > 0 ? _ended.Until
            : null;
    }

    /// <summary>Starts over with a shard: whatever it is to this region now.</summary>
    public void Activate(int shard)
    {
        Seats[shard]?.Stop();
        var seat = Seats[shard] = new(world, this, shard);
        seat.Start();
    }

    /// <summary>An activation was given up.</summary>
    public void Abandon(SeatShell seat)
    {
        if (seat.IsCurrent)
        {
            Activate(seat.Shard);
        }
        else
        {
            seat.Stop();
        }
    }

    /// <summary>The topology, the lease, or what is known of others changed.</summary>
    public void Review()
    {
        NoteLease();
        foreach (var seat in AllSeats.ToArray())
        {
            seat.Wake();
        }
    }

    private void NoteLease()
    {
        var control = Control!.Control;
        if (_held.Generation > 0 && control.Generation != _held.Generation)
        {
            _ended = (_held.Generation, Min(_held.Until, Now));
        }

        _held = (control.Generation, control.ValidUntil);
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
