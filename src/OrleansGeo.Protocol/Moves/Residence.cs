using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Protocol.Moves;

/// <summary>Where a moved entity is, as one shard's record of it says. An entity that was never moved has none, and is in the shard of its key.</summary>
/// <remarks>
/// <para>A state of the entity's own record: whoever built on the record from before a move is refused like any other late writer, and every region learns of
/// the move by the log.</para>
/// <para>At most one shard has the entity: a shard's record says "here" only in a generation in which the shard before said, on a majority of regions, that the entity left.</para>
/// </remarks>
/// <param name="Generation">Rises at every move.</param>
/// <param name="IsHere">The entity is in the shard whose record this is.</param>
/// <param name="Shard">The shard that the entity went to in this generation.</param>
/// <param name="From">The shard that it left.</param>
/// <param name="Via">Of each other shard that it was in before it came to this one: how it left it last.</param>
/// <param name="IsFollowing">It moved to who writes it; nobody asked for it.</param>
internal sealed record Residence(long Generation, bool IsHere, ShardId Shard, ShardId From, ImmutableArray<ViaShard> Via, bool IsFollowing = false)
{
    /// <summary>The name of the state. The unit separator keeps it apart from names that people choose.</summary>
    public const string StateName = "\u001Fresidence";

    /// <summary>The generation in which the entity was, or is, in the shard whose record this is.</summary>
    public long Owned => IsHere ? Generation : Generation - 1;

    /// <summary>What a record says; null: the entity was never moved, as far as that shard knows.</summary>
    public static Residence? Of(EntityRecord record) => record.Residence is { Bytes: { } bytes } ? ResidenceCodec.Decode(bytes) : null;

    /// <summary>Whether a record says that the entity is in another shard.</summary>
    public static bool HasLeft(EntityRecord record) => record.Residence is { Bytes: { } bytes } && !ResidenceCodec.IsHere(bytes);
}
