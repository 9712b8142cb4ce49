using System.IO.Hashing;
using System.Numerics;
using System.Runtime.CompilerServices;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Replicas;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Simulation.Checkers;

/// <summary>Invariant 9: what can be seen at equal versions is equal, contains all that was applied, and never goes back in one incarnation.</summary>
internal sealed class VisibleChecker(SimWorld world)
{
    private readonly Dictionary<(int Shard, string Entity, string State, RecordVersion Version), ulong> _seen = [];
    private readonly HashSet<ShadowRow>[] _rows = [.. Enumerable.Range(0, world.ShardCount).Select(static _ => new HashSet<ShadowRow>())];
    private readonly ConditionalWeakTable<ReplicaLog, Dictionary<string, RecordVersion>> _last = [];

    /// <summary>Rows of quorum shards that somebody saw something of: every later home must have them.</summary>
    public IEnumerable<ShadowRow> SeenRows(int shard) => _rows[shard];

    public void Seen(int region, int shard, string entity, EntityRecord record)
    {
        foreach (var state in record.States)
        {
            IsStable(region, shard, entity, state);
            var hash = state.Bytes is { } bytes ? XxHash64.HashToUInt64(bytes.Span) : 0;
            var key = (shard, entity, state.Name, state.Version);
            SimViolation.Unless(
                _seen.TryAdd(key, hash) || _seen[key] == hash,
                $"Invariant 9: state {state.Name} of {entity} of shard {shard} has two values at version {state.Version}.");
        }
    }

    public void SeenAtReplica(int region, int shard, ReplicaLog log, LiveRecord live)
    {
        var record = live.Current!;
        Seen(region, shard, live.Entity, record);
        IsComplete(region, shard, live.Entity, record, log.Applied);
        var last = _last.GetOrCreateValue(log);
        SimViolation.Unless(
            !last.TryGetValue(live.Entity, out var before) || before <= record.Version || record.States.Length == 0,
            $"Invariant 9: {live.Entity} of shard {shard} went back from {before} to {record.Version} in {world.NameOf(region)}.");
        last[live.Entity] = record.Version;
    }

    public void IsComplete(int region, int shard, string entity, EntityRecord record, LogPosition applied)
    {
        var log = world.Checks.Logs.LogOf(region, shard);
        var changes = log
            .TakeWhile(row => row.Row.Last <= applied)
            .SelectMany(static row => row.Entries)
            .Where(entry => entry.Entity == entity)
            .SelectMany(static entry => entry.Changes);
        foreach (var change in changes)
        {
            // A state that was cleared long ago may be gone.
            var state = record.Find(change.Name);
            SimViolation.Unless(
                state is null ? change.Bytes is null || IsClearedLater(log, entity, change) : state.Version >= change.Version,
                $"Invariant 9: {world.NameOf(region)} applied {applied} of shard {shard} and shows {entity} without {change.Name} of {change.Version}.");
        }
    }

    /// <summary>On a quorum shard nobody sees what is not on a majority. (What a copy brought is, and may not be in this log yet.)</summary>
    private void IsStable(int region, int shard, string entity, StateRecord state)
    {
        if (world.FamilyOf(shard) == ShardFamily.Quorum
            && world.Checks.Logs.LogOf(region, shard).FindLast(row => row.Row.First <= state.Version.Position) is { } row
            && row.Row.Last >= state.Version.Position)
        {
            SimViolation.Unless(
                row.Row.Epoch == state.Version.Epoch && BitOperations.PopCount((uint)row.Holders) >= world.Config.Majority,
                $"Invariant 9: {world.NameOf(region)} shows state {state.Name} of {entity} of shard {shard} at {state.Version}, which is not stable.");
            _rows[shard].Add(row);
        }
    }

    private static bool IsClearedLater(List<ShadowRow> log, string entity, StateRecord change) => log
        .SelectMany(static row => row.Entries)
        .Any(entry => entry.Entity == entity && entry.Changes.Any(later => later.Name == change.Name && later.Bytes is null && later.Version > change.Version));
}
