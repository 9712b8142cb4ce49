using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Protocol.Records;

namespace OrleansGeo.Simulation.Checkers;

/// <summary>
/// At most one shard has an entity at any time. By every log: <see cref="EntityHistory"/>. By the clock: nothing is acknowledged in one shard that was staged after
/// the entity arrived in the next. And nobody is shown an entity from a shard where it never was.
/// </summary>
internal sealed class EntityChecker(SimWorld world)
{
    private readonly Dictionary<(string Entity, long Generation), long> _arrived = [];
    private readonly Dictionary<(int Shard, RecordVersion Version), (string Entity, long Generation, long At)> _staged = [];

    /// <summary>A step of a move was staged.</summary>
    public void Moved(LiveRecord live)
    {
        if (Residence.Of(live.Current!) is { IsHere: true } residence)
        {
            _arrived.TryAdd((live.Entity, residence.Generation), world.Events.Count);
        }
    }

    /// <summary>A client's write was staged on a record.</summary>
    public void Staged(int shard, string entity, RecordVersion version, EntityRecord record)
    {
        if (world.Config.Moves)
        {
            _staged[(shard, version)] = (entity, Residence.Of(record)?.Owned ?? 0, world.Events.Count);
        }
    }

    public void Acknowledged(int shard, ShadowRow row, RecordVersion version)
    {
        if (!_staged.TryGetValue((shard, version), out var write))
        {
            return;
        }

        foreach (var ((entity, generation), at) in _arrived)
        {
            SimViolation.Unless(
                entity != write.Entity || generation <= write.Generation || at >= write.At,
                $"Moves: shard {shard} acknowledged {version} of {entity}, which it had after {write.Generation} moves; before that was staged, the entity had arrived elsewhere by move {generation}.");
        }

        world.Checks.EntityReads.Acknowledged(write.Entity, write.Generation, shard, row, version.Position);
    }

    /// <summary>A region shows an entity as a shard has it.</summary>
    public void Shown(string entity, int region, int shard, LogPosition through, EntityRecord record) => SimViolation.Unless(
        world.Checks.EntityReads.GenerationOf(entity, region, shard, through, record) >= 0,
        $"Moves: {world.NameOf(region)} shows {entity} from shard {shard} through {through}, where it never was.");

    /// <summary>Plays the newest homes' logs of all shards, entity by entity, and returns what each shard's log makes of each.</summary>
    public Dictionary<(int Shard, string Entity, string State), (RecordVersion Version, ReadOnlyMemory<byte>? Bytes)> Replay(bool isFinal = false)
    {
        var entries = new Dictionary<string, List<LogEntry>[]>();
        for (var shard = 0; shard < world.Config.Shards.Length; shard++)
        {
            foreach (var entry in world.Checks.Logs.LogOfHome(shard).SelectMany(static row => row.Entries))
            {
                if (entry.Kind == EntryKind.Write)
                {
                    if (!entries.TryGetValue(entry.Entity, out var lists))
                    {
                        entries.Add(entry.Entity, lists = [.. world.Config.Shards.Select(static _ => new List<LogEntry>())]);
                    }

                    lists[shard].Add(entry);
                }
            }
        }

        var model = new Dictionary<(int, string, string), (RecordVersion, ReadOnlyMemory<byte>?)>();
        foreach (var (entity, lists) in entries)
        {
            var history = new EntityHistory(world, entity, lists, model);
            history.Play();
            SimViolation.Unless(
                !isFinal || !history.IsOpen || !Array.Exists(world.Movers, static mover => mover.IsDone),
                $"Moves: at rest {entity} has left shard {history.At}, and no shard has it.");
        }

        return model;
    }
}
