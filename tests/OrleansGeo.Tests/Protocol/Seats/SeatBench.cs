using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Seats;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Protocol.Seats;

/// <summary>A seat of one shard in region <c>a</c> of three, which prefers that region, with a store that is one head. What asks the network or the topology is left to the test.</summary>
internal sealed class SeatBench : ISeatView
{
    public static readonly RegionId A = new("a");
    public static readonly RegionId B = new("b");
    public static readonly RegionId C = new("c");

    private readonly Seat _seat;

    public SeatBench(ShardFamily family = ShardFamily.Quorum, bool isProven = true)
    {
        Map = new(new([A, B, C]), 3, 1);
        Index = Enumerable.Range(0, Map.Total).First(index => Map.FamilyOf(index) == family && (Map.IsRow(index) ? Map.OwnerOf(index) : Map.PreferredHome(index)) == A);
        Decided = TopologyChanges.Record(WorldTopology.Initial(Map), A, 1, isProven: isProven)!;
        IsStoreTrusted = isProven;
        _seat = new(new() { Self = A, Map = Map, Index = Index, Quorums = Map.Regions.Quorums }, this);
    }

    public ShardMap Map { get; }

    public int Index { get; }

    public WorldTopology Decided { get; set; }

    public long KnownEpoch => Decided.HomeOf(Index).Epoch;

    public long Generation { get; set; } = 1;

    public bool IsStoreProven => IsStoreTrusted && !IsForced;

    public bool IsStoreTrusted { get; set; }

    /// <summary>It is trusted because its operator says so.</summary>
    public bool IsForced { get; set; }

    public bool OwnsRows => IsStoreTrusted;

    public TimeSpan? ActedUntil { get; set; }

    public ShardHead Head { get; set; } = ShardHead.Empty;

    public bool FailsPromises { get; set; }

    /// <summary>What the store holds of the shard cannot be opened: as a home's, and as a replica's, too.</summary>
    public bool IsDamaged { get; set; }

    public bool IsDamagedForReplicas { get; set; }

    /// <summary>What the store promised cannot be read either.</summary>
    public bool IsHeadDamaged { get; set; }

    /// <summary>Homes are ready as soon as they are open.</summary>
    public bool AreHomesReady { get; set; } = true;

    /// <summary>That a home ends is left to the test.</summary>
    public bool LeavesEnds { get; set; }

    /// <summary>Regions whose lease has ended, and of which generation.</summary>
    public Dictionary<RegionId, long> Ended { get; } = [];

    /// <summary>Which other region can be home; null: each.</summary>
    public RegionId? Eligible { get; set; }

    public bool HasRole => _seat.HasRole;

    public TimeSpan Now { get; private set; } = TimeSpan.FromSeconds(1);

    public TimeSpan Due => _seat.Due;

    /// <summary>The home that is open.</summary>
    public BenchHome? Home { get; private set; }

    public BenchReplica? Replica { get; private set; }

    /// <summary>How the replica was opened last.</summary>
    public SeatEffect.OpenReplica? Opened { get; private set; }

    /// <summary>The change of the topology that was asked for last; null: none.</summary>
    public SeatChange? Asked => Left.OfType<SeatEffect.Change>().LastOrDefault()?.What;

    /// <summary>What is left to the test, in order.</summary>
    public List<SeatEffect> Left { get; } = [];

    /// <summary>Every effect, in order.</summary>
    public List<SeatEffect> All { get; } = [];

    public bool HasEnded(RegionId region, out long generation)
    {
        generation = Ended.GetValueOrDefault(region, -1);
        return Ended.ContainsKey(region);
    }

    public bool IsEligible(RegionId region) => Eligible is null || region == Eligible;

    public bool IsLinked(RegionId region) => region != A;

    public TimeSpan? ActedUntilUnder(long generation) => generation == 1 ? ActedUntil : null;

    /// <summary>The shard is at home in region b, as epoch 2, and reserved for this one, as epoch 3.</summary>
    public FencingToken ReserveForA()
    {
        var elsewhere = TopologyChanges.Reallot(TopologyChanges.Record(Decided, B, 1)!, Index, Decided.HomeOf(Index), B)!;
        Decided = TopologyChanges.Reserve(elsewhere, B, new Dictionary<int, RegionId> { [Index] = A })!;
        return Decided[Index].ReservedToken!.Value;
    }

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

    /// <summary>Another region's store answered.</summary>
    public void Promised(RegionId region, ShardHead head, bool isProven = true)
    {
        _seat.Promised(region, head, isProven);
        Run();
    }

    /// <summary>A hand-over's token came.</summary>
    public SeatBench Came(HandOverToken token)
    {
        _seat.Came(token);
        return Run();
    }

    public void Done(SeatEffect effect, object? outcome = null)
    {
        _seat.Done(effect.Number, outcome);
        Run();
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
            case SeatEffect.ReadHead when IsHeadDamaged:
            case SeatEffect.OpenReplica when IsDamagedForReplicas:
            case SeatEffect.OpenHome when IsDamaged:
                _seat.Failed(effect.Number, new("damaged by hand", IsDamage: true));
                break;
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
            case SeatEffect.OpenHome open when open.Assignment.Token.IsFencedBy(Head.Promised):
                _seat.Done(effect.Number);
                break;
            case SeatEffect.OpenHome open:
                if (AreHomesReady && open.Assignment.Epoch > 1 && open.Assignment.Epoch > Head.LastEpoch)
                {
                    // The epoch's first entry.
                    Head = Head with { Promised = open.Assignment.Token, Last = Head.Last.Next, Epochs = Head.Epochs.Append(open.Assignment.Epoch, Head.Last.Next) };
                }

                Home = new(open.Assignment) { AcknowledgedAtMost = Head.Last, Stored = Head.Last, IsReady = AreHomesReady };
                _seat.Done(effect.Number, Home);
                break;
            case SeatEffect.PrepareToLeave or SeatEffect.BeginHandOver:
                _seat.Done(effect.Number);
                break;
            case SeatEffect.EndHome when !LeavesEnds && Home is { } home:
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
