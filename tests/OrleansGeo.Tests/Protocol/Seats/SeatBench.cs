using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Seats;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Protocol.Seats;

/// <summary>A seat of one shard in region <c>a</c> of three, with a store that is one head. What asks the network or the topology is left to the test.</summary>
internal sealed class SeatBench : ISeatView
{
    public static readonly RegionId A = new("a");
    public static readonly RegionId B = new("b");
    public static readonly RegionId C = new("c");

    private readonly Seat _seat;

    public SeatBench()
    {
        Map = new(new([A, B, C]), 3, 1);
        Index = Enumerable.Range(0, Map.Count).First(index => Map.PreferredHome(index) == A);
        Decided = TopologyChanges.Record(WorldTopology.Initial(Map), A, 1)!;
        _seat = new(new() { Self = A, Map = Map, Index = Index, Quorums = Map.Regions.Quorums }, this);
    }

    public ShardMap Map { get; }

    public int Index { get; }

    public WorldTopology Decided { get; set; }

    public long KnownEpoch => Decided.HomeOf(Index).Epoch;

    public long Generation { get; set; } = 1;

    public bool IsStoreTrusted { get; set; } = true;

    public bool OwnsRows => IsStoreTrusted;

    public TimeSpan? ActedUntil { get; set; }

    public ShardHead Head { get; set; } = ShardHead.Empty;

    public bool FailsPromises { get; set; }

    public TimeSpan Now { get; private set; } = TimeSpan.FromSeconds(1);

    public TimeSpan Due => _seat.Due;

    /// <summary>The home that is open.</summary>
    public BenchHome? Home { get; private set; }

    public BenchReplica? Replica { get; private set; }

    /// <summary>How the replica was opened last.</summary>
    public SeatEffect.OpenReplica? Opened { get; private set; }

    /// <summary>What is left to the test, in order.</summary>
    public List<SeatEffect> Left { get; } = [];

    /// <summary>Every effect, in order.</summary>
    public List<SeatEffect> All { get; } = [];

    public bool HasEnded(RegionId region, out long generation)
    {
        generation = -1;
        return false;
    }

    public bool IsEligible(RegionId region) => true;

    public bool IsLinked(RegionId region) => region != A;

    public TimeSpan? ActedUntilUnder(long generation) => generation == 1 ? ActedUntil : null;

    /// <summary>Something happened.</summary>
    public SeatBench News()
    {
        _seat.Changed();
        return Run();
    }

    public SeatBench Wait(TimeSpan time)
    {
        Now += time;
        return Run();
    }

    public void Failed(SeatEffect effect)
    {
        _seat.Failed(effect.Number, new("by hand", IsDamage: false));
        Run();
    }

    public SeatBench Run()
    {
        for (var effects = _seat.Run(Now); effects.Count > 0; effects = _seat.Run(Now))
        {
            foreach (var effect in effects)
            {
                All.Add(effect);
                Do(effect);
            }
        }

        return this;
    }

    private void Do(SeatEffect effect)
    {
        switch (effect)
        {
            case SeatEffect.ReadHead:
                _seat.Done(effect.Number, Head);
                break;
            case SeatEffect.Promise when FailsPromises:
                _seat.Failed(effect.Number, new("by hand", IsDamage: false));
                break;
            case SeatEffect.Promise promise:
                Head = promise.Token.IsFencedBy(Head.Promised) ? Head : Head with { Promised = promise.Token };
                _seat.Done(effect.Number, Head);
                break;
            case SeatEffect.OpenReplica open:
                (Opened, Replica) = (open, new());
                _seat.Done(effect.Number, Replica);
                break;
            case SeatEffect.OpenHome open:
                Home = new(open.Assignment) { AcknowledgedAtMost = Head.Last, Stored = Head.Last };
                _seat.Done(effect.Number, Home);
                break;
            case SeatEffect.PrepareToLeave or SeatEffect.BeginHandOver:
                _seat.Done(effect.Number);
                break;
            case SeatEffect.EndHome when Home is { } home:
                home.IsOpen = false;
                _seat.Done(effect.Number);
                break;
            case SeatEffect.CloseHome:
                Home!.IsOpen = false;
                Home = null;
                _seat.Done(effect.Number);
                break;
            default:
                Left.Add(effect);
                break;
        }
    }
}
