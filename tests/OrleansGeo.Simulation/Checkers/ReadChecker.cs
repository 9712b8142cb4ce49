using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Simulation.Clients;

namespace OrleansGeo.Simulation.Checkers;

/// <summary>
/// A read at home sees every write that was acknowledged before it began (on region shards: by this home). A home that was replaced
/// and does not know it is not judged: its lease, which this simulation does not have, would have ended.
/// </summary>
internal sealed class ReadChecker(SimWorld world)
{
    private readonly Dictionary<(int Shard, string Entity, long Epoch), LogPosition> _acknowledged = [];

    public void Acknowledged(int shard, FencingToken token, LogEntry entry)
    {
        var key = (shard, entry.Entity, world.Config.Shards[shard] == ShardFamily.Quorum ? 0 : token.Epoch);
        _acknowledged[key] = LogPosition.Max(_acknowledged.GetValueOrDefault(key), entry.EntityVersion.Position);
    }

    public LogPosition Begin(SimOperation operation, FencingToken token) =>
        _acknowledged.GetValueOrDefault((operation.Shard, operation.Entity, world.Config.Shards[operation.Shard] == ShardFamily.Quorum ? 0 : token.Epoch));

    public void End(SimOperation operation, FencingToken token, EntityRecord record, LogPosition bound)
    {
        if (token.Epoch >= world.Topology[operation.Shard].Epoch && !world.Config.DuplicateActivations && !record.States.IsEmpty)
        {
            SimViolation.Unless(
                record.Version.Position >= bound,
                $"A read of {operation.Entity} of shard {operation.Shard} at home saw {record.Version}; {bound} was acknowledged before it began.");
        }
    }
}
