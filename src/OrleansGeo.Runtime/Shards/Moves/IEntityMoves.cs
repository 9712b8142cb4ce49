using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;

namespace OrleansGeo.Runtime.Shards.Moves;

/// <summary>What a shard's home has other homes do for a move: it knows only its own shard. Every step can be repeated.</summary>
internal interface IEntityMoves
{
    /// <summary>The shard of an entity's key: where it is if it was never moved, and who knows where it is.</summary>
    int ShardOfKey(GrainId entity);

    /// <summary>Has the shard that the entity leaves let it go, and give what it takes along.</summary>
    Task<LuggageWire> LeaveAsync(MoveWire move, LogPosition after, CancellationToken cancellationToken);

    /// <summary>Has the shard of the key say where the entity is.</summary>
    Task<MoveVerdict> PointAsync(string entity, EntityMove move, CancellationToken cancellationToken);

    /// <summary>Finishes the move that is open, if one is.</summary>
    /// <returns>Whether it is known to be finished.</returns>
    Task<bool> FinishAsync(GrainId entity, TimeSpan patience);
}
