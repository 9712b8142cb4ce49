using System.IO.Hashing;
using System.Runtime.CompilerServices;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Replicas;

namespace OrleansGeo.Simulation.Checkers;

/// <summary>Invariant 9: what can be seen at equal versions is equal, contains all that was applied, and never goes back in one incarnation.</summary>
internal sealed class VisibleChecker(SimWorld world)
{
    private readonly Dictionary<(int Shard, string Entity, string State, RecordVersion Version), ulong> _seen = [];
    private readonly ConditionalWeakTable<ReplicaLog, Dictionary<string, RecordVersion>> _last = [];

    public void SeenAtHome(int shard, string entity, EntityRecord record)
    {
        foreach (var state in record.States)
        {
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
        SeenAtHome(shard, live.Entity, record);
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

    private static bool IsClearedLater(List<ShadowRow> log, string entity, StateRecord change) => log
        .SelectMany(static row => row.Entries)
        .Any(entry => entry.Entity == entity && entry.Changes.Any(later => later.Name == change.Name && later.Bytes is null && later.Version > change.Version));
}
