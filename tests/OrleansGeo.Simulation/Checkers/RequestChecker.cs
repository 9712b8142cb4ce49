using OrleansGeo.Protocol.Logs;
using OrleansGeo.Simulation.Clients;

namespace OrleansGeo.Simulation.Checkers;

/// <summary>Invariant 8: a request takes effect at most once, an error that means "did not happen" is true, and no update is lost.</summary>
internal sealed class RequestChecker(SimWorld world)
{
    /// <summary>Plays a home's whole log to a model and compares every state that it says a request left.</summary>
    public Dictionary<(string Entity, string State), (RecordVersion Version, ReadOnlyMemory<byte>? Bytes)> Replay(int region, int shard)
    {
        var seen = new Dictionary<ulong, LogPosition>();
        var states = new Dictionary<(string Entity, string State), (RecordVersion Version, ReadOnlyMemory<byte>? Bytes)>();
        foreach (var row in world.Checks.Logs.LogOf(region, shard))
        {
            foreach (var entry in row.Entries.Where(static entry => entry.Kind == EntryKind.Write))
            {
                var operation = world.Operations[(int)entry.Fingerprint - 1];
                SimViolation.Unless(
                    seen.TryAdd(operation.Number, entry.Position),
                    $"Invariant 8: request {operation.Number} took effect at {entry.Position} of shard {shard} and before that at {seen[operation.Number]}.");
                foreach (var name in operation.Sets)
                {
                    var before = states.GetValueOrDefault((entry.Entity, name));
                    states[(entry.Entity, name)] = (new(row.Row.Epoch, entry.Position), operation.Apply(name, before.Bytes));
                }

                foreach (var change in entry.Changes)
                {
                    var (version, bytes) = states[(entry.Entity, change.Name)];
                    SimViolation.Unless(
                        version == change.Version && Same(bytes, change.Bytes),
                        $"A lost update: request {operation.Number} left state {change.Name} of {entry.Entity} at {entry.Position} of shard {shard} as {Text(change.Version, change.Bytes)}, not as {Text(version, bytes)}, which all requests before it make.");
                }
            }
        }

        return states;
    }

    public void Final(IEnumerable<ShadowRow> everStored)
    {
        foreach (var entry in everStored.SelectMany(static row => row.Entries).Where(static entry => entry.Kind == EntryKind.Write && entry.Fingerprint > 0))
        {
            var operation = world.Operations[(int)entry.Fingerprint - 1];
            SimViolation.Unless(
                operation.Outcome != SimOutcome.DidNotHappen,
                $"Invariant 8: request {operation.Number} was told that it did not happen, and it stands at {entry.Position}.");
        }
    }

    public static bool Same(ReadOnlyMemory<byte>? left, ReadOnlyMemory<byte>? right) =>
        left is { } one ? right is { } other && one.Span.SequenceEqual(other.Span) : right is null;

    private static string Text(RecordVersion version, ReadOnlyMemory<byte>? bytes) => $"{version}:{(bytes is { } some ? Convert.ToHexString(some.Span) : "cleared")}";
}
