using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Simulation.Clients;
using OrleansGeo.Simulation.Sessions;

namespace OrleansGeo.Simulation.Checkers;

/// <summary>
/// Invariants 6, 7 and 10 of entities that move: what is shown is compared by how often the entity had been moved, whichever shards it is read from. Within one
/// stay the checkers of shards judge it.
/// </summary>
internal sealed class EntityReadChecker(SimWorld world)
{
    private readonly Dictionary<string, List<SeenEntity>> _acknowledged = [];
    private readonly Dictionary<(SimSession Session, string Entity), List<SeenEntity>> _sessions = [];

    public void Acknowledged(string entity, long generation, int shard, ShadowRow row, LogPosition position)
    {
        var all = Of(_acknowledged, entity);
        if (all.Count == 0 || (all[^1].Generation, all[^1].Position).CompareTo((generation, position)) < 0)
        {
            all.Add(new(generation, shard, row, position, world.Events.Now));
        }
    }

    /// <summary>A home began: what its log lacks was left behind.</summary>
    public void HomeOpened(int shard, HashSet<ShadowRow> log)
    {
        foreach (var all in _acknowledged.Values)
        {
            all.RemoveAll(seen => seen.Shard == shard && !log.Contains(seen.Row));
        }
    }

    public long Bound(string entity) => _acknowledged.TryGetValue(entity, out var all) && all.Count > 0 ? all[^1].Generation : 0;

    /// <summary>How often the entity had been moved when it was what a region's copy of a shard shows; -1: it never was there. (A pointer says nothing of that.)</summary>
    public long GenerationOf(string entity, int region, int shard, LogPosition through, EntityRecord record)
    {
        if (Residence.Of(record) is { } residence && (residence.IsHere || world.ShardAt(residence.From) == shard))
        {
            return residence.Owned;
        }

        var arrived = world.Checks.Logs.ShownRows(region, shard, through)
            .SelectMany(static row => row.Entries)
            .Where(entry => entry.Entity == entity)
            .Select(EntityHistory.ResidenceOf)
            .LastOrDefault(static residence => residence is { IsHere: true });
        return arrived?.Generation ?? (world.ShardOfKey(entity) == shard ? 0 : -1);
    }

    /// <summary>A session got an answer.</summary>
    public void Saw(SimSession session, string entity, SimReply reply)
    {
        if (!world.Config.Moves || reply.Version == RecordVersion.None)
        {
            return;
        }

        var row = world.Checks.Logs.Find(reply.Place.Shard, reply.Version);
        SimViolation.Unless(row is not null, $"Invariant 7: a session is told that it saw {reply.Version} of {entity} in shard {reply.Place.Shard}, which no log has.");
        if (row is not null)
        {
            var seen = Of(_sessions, (session, entity));
            seen.RemoveAll(older => older.Shard == reply.Place.Shard && older.Row.Row.Last <= row.Row.Last);
            seen.Add(new(reply.Place.Generation, reply.Place.Shard, row, reply.Version.Position, world.Events.Now));
        }
    }

    /// <summary>A session is shown an entity that had been moved so often.</summary>
    public void Served(SimSession session, int region, int shard, string entity, long generation)
    {
        foreach (var seen in Of(_sessions, (session, entity)))
        {
            SimViolation.Unless(
                seen.Generation <= generation,
                $"Invariant 7: a session saw {entity} after {seen.Generation} moves, and {world.NameOf(region)} shows it from shard {shard}, as it was after {generation}.");
            SimViolation.Unless(
                seen.Generation == generation || world.Checks.Logs.LogOfHome(seen.Shard).Contains(seen.Row),
                $"Invariant 7: a session saw {seen.Row.Row.Epoch}.{seen.Position} of {entity} in shard {seen.Shard}, which was lost before the entity left; {world.NameOf(region)} shows it from shard {shard} and does not say so.");
        }
    }

    public void ToldLost(SimSession session, int shard)
    {
        foreach (var seen in _sessions.Where(pair => pair.Key.Session == session).Select(static pair => pair.Value))
        {
            seen.RemoveAll(seen => seen.Shard == shard);
        }
    }

    /// <summary>A region shows an entity, and says that it shows all that was acknowledged of it at <paramref name="freshAt"/> of its clock.</summary>
    public void Claimed(string entity, SimRegion region, int shard, TimeSpan? freshAt, LogPosition shown, EntityRecord record)
    {
        // Two activations of a home: as in StalenessChecker.
        if (freshAt is not { } at || world.Config.DuplicateActivations)
        {
            return;
        }

        var moment = region.When(at) - StalenessChecker.RoundingMicroseconds;
        if (Of(_acknowledged, entity).FindLast(item => item.At < moment) is { } missing)
        {
            var generation = GenerationOf(entity, region.Index, shard, shown, record);
            SimViolation.Unless(
                missing.Generation < generation || (missing.Generation == generation && shown >= missing.Position && world.Checks.Logs.Shows(region.Index, shard, missing.Row, shown)),
                $"Invariant 10: {region.Id} shows {entity} from shard {shard} as it was after {generation} moves, through {shown}, and says that this is {(region.Now - at).TotalMilliseconds:0.###} ms old; {missing.Row.Row.Epoch}.{missing.Position} of shard {missing.Shard}, after {missing.Generation} moves, was acknowledged {(world.Events.Now - missing.At) / 1000.0:0.###} ms ago.");
        }
    }

    private static List<SeenEntity> Of<TKey>(Dictionary<TKey, List<SeenEntity>> lists, TKey key)
        where TKey : notnull
    {
        if (!lists.TryGetValue(key, out var list))
        {
            lists.Add(key, list = []);
        }

        return list;
    }
}
