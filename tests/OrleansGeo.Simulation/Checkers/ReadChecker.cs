using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Simulation.Clients;

namespace OrleansGeo.Simulation.Checkers;

/// <summary>
/// Invariant 6: a read at home sees every write that was acknowledged before it arrived. On region shards up to a forced promotion: a home that was
/// handed the shard is judged by what its predecessors acknowledged, one that was promoted by its own epoch only.
/// </summary>
internal sealed class ReadChecker(SimWorld world)
{
    private readonly Dictionary<(int Shard, string Entity, long Epoch), LogPosition> _acknowledged = [];

    public void Acknowledged(int shard, FencingToken token, LogEntry entry)
    {
        var key = (shard, entry.Entity, EpochOf(shard, token));
        _acknowledged[key] = LogPosition.Max(_acknowledged.GetValueOrDefault(key), entry.EntityVersion.Position);
    }

    /// <summary>A home was handed just what the one before it had.</summary>
    public void HandedOver(int shard, FencingToken token)
    {
        if (world.FamilyOf(shard) == ShardFamily.Region)
        {
            foreach (var ((at, entity, epoch), position) in _acknowledged.ToArray())
            {
                if (at == shard && epoch == token.Epoch - 1)
                {
                    _acknowledged[(shard, entity, token.Epoch)] = position;
                }
            }
        }
    }

    public ReadBound Begin(SimOperation operation, int shard, FencingToken token) =>
        new(_acknowledged.GetValueOrDefault((shard, operation.Entity, EpochOf(shard, token))), world.Checks.EntityReads.Bound(operation.Entity));

    public void End(SimOperation operation, int shard, FencingToken token, EntityRecord record, ReadBound bound)
    {
        SimViolation.Unless(
            record.States.IsEmpty || record.Version.Position >= bound.Position,
            $"Invariant 6: a read of {operation.Entity} of shard {shard} at {token} saw {record.Version}; {bound.Position} was acknowledged before it arrived.");
        SimViolation.Unless(
            !world.Config.Moves || (Residence.Of(record)?.Owned ?? 0) >= bound.Generation,
            $"Invariant 6: a read of {operation.Entity} in shard {shard} at {token} saw {Residence.Of(record)}; a write after {bound.Generation} moves was acknowledged before it arrived.");
    }

    private long EpochOf(int shard, FencingToken token) => world.FamilyOf(shard) == ShardFamily.Quorum ? 0 : token.Epoch;
}
