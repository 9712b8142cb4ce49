using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Simulation.Moves;

namespace OrleansGeo.Simulation.Clients;

/// <summary>What comes back to one attempt.</summary>
/// <param name="Answer">How it went.</param>
/// <param name="Version">The entity's version that the answer is based on.</param>
/// <param name="Place">The shard that this is a version of; of an entity that is elsewhere, where.</param>
/// <param name="Seen">Of a moved entity: how it left the shards that it was in before. Of what is lost: from where the session goes on in the shards where it was.</param>
internal readonly record struct SimReply(
    SimAnswer Answer, RecordVersion Version = default, EntityPlace Place = default, ImmutableArray<(int Shard, RecordVersion Version)> Seen = default)
{
    public static implicit operator SimReply(SimAnswer answer) => new(answer);

    public static SimReply Lost(params ImmutableArray<(int Shard, RecordVersion Version)> goesOn) => new(SimAnswer.Lost, Seen: goesOn);
}
