using OrleansGeo.Protocol.Crdts;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Simulation.Clients;
using OrleansGeo.Simulation.Rows;

namespace OrleansGeo.Simulation.Checkers;

/// <summary>
/// Multi-writer entities, by a model of requests alone: the counter is the sum of what the entries shown have counted, each once, and a member is there
/// if an entry shown added it that no removal shown had seen. Invariant 9: equal entries, equal states. A row never loses what was acknowledged, unless
/// the only disk that had it was replaced.
/// </summary>
internal sealed class RowChecker(SimWorld world)
{
    private readonly Dictionary<(int Shard, RecordVersion Version), (RowOperation Operation, RecordVersion[] Context)> _effects = [];
    private readonly HashSet<ShadowRow> _forgotten = [];

    /// <summary>How many answers were judged.</summary>
    public int Judged { get; private set; }

    /// <summary>An entry got its place. <paramref name="context"/>: of every region's row, through where its writer had seen it.</summary>
    public void Staged(int shard, RecordVersion version, RowOperation operation, RecordVersion[] context) => _effects[(shard, version)] = (operation, context);

    /// <summary>A region's disk is replaced: what no majority has beside it may be lost.</summary>
    public void DiskReplaced(int region, int shard, List<ShadowRow> kept)
    {
        foreach (var row in world.Checks.Logs.LogOf(region, shard).Except(kept))
        {
            if (world.Regions.Count(other => world.Checks.Logs.LogOf(other.Index, shard).Contains(row)) < world.Config.Majority)
            {
                _forgotten.Add(row);
            }
        }
    }

    public bool MayBeLost(ShadowRow row) => _forgotten.Contains(row);

    /// <summary>The entity's entries in a region's copy of a row, up to a position; null when a copy brought what its log does not tell.</summary>
    public IReadOnlyList<(RecordVersion Version, LogEntry Entry)>? EntriesOf(int region, int owner, string entity, LogPosition through)
    {
        var rows = world.Checks.Logs.ShownRows(region, world.RowOf(owner), through);
        return rows.Count == 0 ? through == LogPosition.Zero ? [] : null
            : rows[^1].Row.Last < through ? null
            : [.. rows.SelectMany(static row => row.Entries.Select(entry => (Version: new RecordVersion(row.Row.Epoch, entry.Position), Entry: entry)))
                .Where(item => item.Entry.Position <= through && item.Entry.Kind == EntryKind.Write && item.Entry.Entity == entity)];
    }

    /// <summary>A region shows an entity that is made of these entries of every region's row.</summary>
    public void Shown(int region, string entity, IReadOnlyList<(RecordVersion Version, LogEntry Entry)>?[] rows, Int128 total, IReadOnlyList<string> members)
    {
        if (rows.Contains(null))
        {
            return;
        }

        Judged++;
        var effects = rows.SelectMany((entries, owner) => entries!.Select(item => (Owner: owner, item.Version, Effect: EffectOf(world.RowOf(owner), item.Version, item.Entry))))
            .Where(static item => item.Effect.Operation is not null)
            .ToList();
        var sum = effects.Where(static item => item.Effect.Operation!.Kind == RowOperationKind.Count).Sum(static item => (long)item.Effect.Operation!.Amount);
        SimViolation.Unless(total == sum, $"Multi-writer: {world.NameOf(region)} shows {entity} at {total}; the increments that it has make {sum}.");
        var there = effects
            .Where(static item => item.Effect.Operation!.Kind == RowOperationKind.Add)
            .Where(add => !effects.Exists(remove => remove.Effect.Operation!.Kind == RowOperationKind.Remove
                && remove.Effect.Operation.Member == add.Effect.Operation!.Member
                && remove.Effect.Context![add.Owner].CompareIncarnationFirst(add.Version) >= 0))
            .Select(static add => add.Effect.Operation!.Member)
            .Distinct()
            .Order(StringComparer.Ordinal);
        SimViolation.Unless(
            members.SequenceEqual(there),
            $"Invariant 9: {world.NameOf(region)} shows {entity} with {string.Join(",", members)}; the entries that it has make {string.Join(",", there)}.");
    }

    /// <summary>Each request at most once in an owner's whole log; at the end, none that was told that it did not happen.</summary>
    public void Replay(int region, int shard, bool isFinal = false)
    {
        var seen = new HashSet<ulong>();
        foreach (var entry in world.Checks.Logs.LogOf(region, shard).SelectMany(static row => row.Entries).Where(static entry => entry.Kind == EntryKind.Write))
        {
            SimViolation.Unless(seen.Add(entry.Fingerprint), $"Invariant 8: row request {entry.Fingerprint - 1} took effect twice, the second time at {entry.Position} of shard {shard}.");
            SimViolation.Unless(
                !isFinal || world.RowOperations[(int)entry.Fingerprint - 1].Outcome != SimOutcome.DidNotHappen,
                $"Invariant 8: row request {entry.Fingerprint - 1} was told that it did not happen, and it stands at {entry.Position} of shard {shard}.");
        }
    }

    /// <summary>At rest: every region shows every entity as all rows make it.</summary>
    /// <param name="show">Of a region, a shard and an entity: the record.</param>
    public void Final(Func<SimRegion, int, string, EntityRecord> show)
    {
        foreach (var entity in world.RowOperations.Select(static operation => operation.Entity).Distinct())
        {
            foreach (var region in world.Regions)
            {
                var views = new[] { "n", "s" }.Select(state => new CrdtView(state, region.Id.Name, world.Map.Regions.All.Select(static other => other.Name), long.MaxValue)).ToArray();
                for (var owner = 0; owner < world.Regions.Length; owner++)
                {
                    var record = show(region, world.RowOf(owner), entity);
                    Array.ForEach(views, view => view.Apply(world.NameOf(owner), record.States, record.Version));
                }

                Shown(
                    region.Index,
                    entity,
                    [.. world.Regions.Select(owner => EntriesOf(owner.Index, owner.Index, entity, world.Checks.Logs.LogOf(owner.Index, world.RowOf(owner.Index)) is [.., var last] ? last.Row.Last : LogPosition.Zero))],
                    views[0].Total,
                    views[1].Keys);
            }
        }
    }

    private (RowOperation? Operation, RecordVersion[]? Context) EffectOf(int shard, RecordVersion version, LogEntry entry) =>
        _effects.TryGetValue((shard, version), out var effect) && effect.Operation.Fingerprint == entry.Fingerprint ? (effect.Operation, effect.Context) : default;
}
