using System.Collections.Immutable;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Protocol.Moves;

/// <summary>
/// One move of an entity from a shard to another: <c>leave</c> at the one, <c>arrive</c> at the other, <c>point</c> at the shard of its key. Each is one entry, on a
/// majority of regions before the next begins, and changes nothing when it is made again.
/// </summary>
/// <param name="Generation">One more than that of the move before.</param>
/// <param name="From">The shard that it leaves.</param>
/// <param name="To">The shard that it goes to.</param>
/// <param name="IsFollowing">It moves to who writes it; nobody asked for it.</param>
internal sealed record EntityMove(long Generation, ShardId From, ShardId To, bool IsFollowing = false)
{
    /// <summary>From here on the entity is not written at <see cref="From"/>. What it was stays readable there, and can be fetched for as long as nothing newer came.</summary>
    /// <param name="record">The entity's record in <see cref="From"/>.</param>
    /// <param name="isShardOfKey">An entity that was never moved is in the shard of its key.</param>
    /// <param name="changes">The entry's; empty unless it is to be staged.</param>
    public MoveVerdict Leave(EntityRecord record, bool isShardOfKey, out ImmutableArray<StateChange> changes)
    {
        changes = [];
        var residence = Residence.Of(record);
        if (residence is { IsHere: false } left && left.Generation == Generation)
        {
            return left.Shard == To ? MoveVerdict.Done : MoveVerdict.Elsewhere;
        }

        var isHere = residence?.IsHere ?? isShardOfKey;
        if (!isHere || (residence?.Generation ?? 0) != Generation - 1)
        {
            return MoveVerdict.Elsewhere;
        }

        changes = [Place(false, residence?.Via ?? [])];
        return MoveVerdict.Staged;
    }

    /// <summary>From here on the entity is in <see cref="To"/>, if nothing newer is known there.</summary>
    /// <param name="record">What <see cref="To"/> has of it, perhaps from an earlier stay.</param>
    /// <param name="states">What it was when it left.</param>
    /// <param name="via">Of each shard that it was in before, <see cref="From"/> included, how it left it.</param>
    /// <param name="changes">The entry's.</param>
    public MoveVerdict Arrive(EntityRecord record, IEnumerable<StateChange> states, ImmutableArray<ViaShard> via, out ImmutableArray<StateChange> changes)
    {
        changes = [];
        if (Residence.Of(record) is { } residence && residence.Generation >= Generation)
        {
            return MoveVerdict.Done;
        }

        var arriving = states.ToList();
        var cleared = record.States.Where(state => state.Bytes is not null && state.Name != Residence.StateName && !arriving.Exists(arrives => arrives.Name == state.Name));
        changes = [.. arriving, .. cleared.Select(static state => new StateChange(state.Name, null)), Place(true, via)];
        return MoveVerdict.Staged;
    }

    /// <summary>The shard of the key says where the entity went, unless it knows that already, or something newer.</summary>
    public MoveVerdict Point(EntityRecord record, out ImmutableArray<StateChange> changes)
    {
        changes = [];
        var residence = Residence.Of(record);
        if (residence is not null && residence.Generation >= Generation)
        {
            return residence.Generation == Generation ? MoveVerdict.Done : MoveVerdict.Elsewhere;
        }

        changes = [Place(false, residence?.Via ?? [])];
        return MoveVerdict.Staged;
    }

    /// <summary>How the entity came to <see cref="To"/>: what is known of the shards before, and of the one that it leaves now.</summary>
    /// <param name="left">The entity's record in <see cref="From"/> after it left.</param>
    /// <param name="epochs">Of that shard's log.</param>
    public ImmutableArray<ViaShard> ViaOf(EntityRecord left, EpochTable epochs) =>
    [
        .. (Residence.Of(left)?.Via ?? []).Where(via => via.Shard != To && via.Shard != From),
        new ViaShard(From, left.Residence!.Version, epochs),
    ];

    /// <summary>What is left of an entity's record in <see cref="From"/>, to be carried over.</summary>
    public static ImmutableArray<StateChange> StatesOf(EntityRecord left) =>
    [
        .. left.States.Where(static state => state.Bytes is not null && state.Name != Residence.StateName)
            .Select(static state => new StateChange(state.Name, state.Bytes)),
    ];

    private StateChange Place(bool isHere, ImmutableArray<ViaShard> via) =>
        new(Residence.StateName, ResidenceCodec.Encode(new(Generation, isHere, To, From, via, IsFollowing)));
}
