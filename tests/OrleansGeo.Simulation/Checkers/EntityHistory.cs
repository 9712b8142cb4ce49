using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Simulation.Clients;

namespace OrleansGeo.Simulation.Checkers;

/// <summary>
/// One entity's life as the logs of all shards tell it: it is written in the shard of its key until it leaves, then where it arrives in the next generation, as what
/// it was, and nowhere else. Over all of that a request takes effect at most once (invariant 8), and no update is lost.
/// </summary>
internal sealed class EntityHistory(
    SimWorld world, string entity, List<LogEntry>[] logs, Dictionary<(int Shard, string Entity, string State), (RecordVersion Version, ReadOnlyMemory<byte>? Bytes)> model)
{
    private readonly int[] _next = new int[logs.Length];
    private readonly Dictionary<ulong, (int Shard, LogPosition Position)> _requests = [];
    private readonly Dictionary<string, ReadOnlyMemory<byte>?> _states = [];
    private long _generation;

    public int At { get; private set; } = world.ShardOfKey(entity);

    /// <summary>It has left a shard and not arrived in the next.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>What an entry says of where the entity is; null: nothing.</summary>
    public static Residence? ResidenceOf(LogEntry entry)
    {
        foreach (var change in entry.Changes)
        {
            if (change.Name == Residence.StateName)
            {
                return ResidenceCodec.Decode(change.Bytes!.Value);
            }
        }

        return null;
    }

    public void Play()
    {
        while (!IsOpen && Stay() is { } left)
        {
            _generation = left.Generation;
            At = world.ShardAt(left.Shard);
            IsOpen = !Arrive();
        }

        for (var shard = 0; shard < logs.Length; shard++)
        {
            while (Take(shard) is { } entry)
            {
                Absent(shard, entry);
            }
        }
    }

    /// <summary>While the shard has it. Returns how it left; null: it did not.</summary>
    private Residence? Stay()
    {
        while (Take(At) is { } entry)
        {
            if (ResidenceOf(entry) is not { } residence)
            {
                Write(entry);
                continue;
            }

            SimViolation.Unless(
                !residence.IsHere && residence.Generation == _generation + 1,
                $"Moves: {entity} is in shard {At} after {_generation} moves, and there move {residence.Generation} {(residence.IsHere ? "arrives" : "leaves")} at {entry.EntityVersion}.");
            Note(At, entry);
            return residence;
        }

        return null;
    }

    /// <summary>Goes on to the entry by which it comes; false: there is none.</summary>
    private bool Arrive()
    {
        while (Take(At) is { } entry)
        {
            if (ResidenceOf(entry) is not { IsHere: true } residence || residence.Generation != _generation)
            {
                Absent(At, entry);
                continue;
            }

            foreach (var (name, bytes) in _states)
            {
                model[(At, entity, name)] = (entry.EntityVersion, bytes);
            }

            foreach (var change in entry.Changes.Where(static change => change.Name != Residence.StateName))
            {
                SimViolation.Unless(
                    RequestChecker.Same(change.Bytes, _states.GetValueOrDefault(change.Name)),
                    $"Moves: {entity} arrives in shard {At} by move {_generation} with another {change.Name} than it left with.");
            }

            Note(At, entry);
            return true;
        }

        return false;
    }

    /// <summary>While the shard does not have it: it may be told where the entity is, and what requests took effect elsewhere.</summary>
    private void Absent(int shard, LogEntry entry)
    {
        SimViolation.Unless(
            ResidenceOf(entry) is not { IsHere: true },
            $"Moves: shard {shard} and shard {At} have {entity} at once: by the logs it went to shard {At} by move {_generation}, and it arrives in shard {shard} at {entry.EntityVersion}.");
        SimViolation.Unless(
            entry.Fingerprint == 0 || !TakesEffect(entry),
            $"Moves: {entity} is in shard {At} after {_generation} moves, and shard {shard} writes it at {entry.EntityVersion}.");
        Note(shard, entry);
    }

    private void Write(LogEntry entry)
    {
        if (entry.Fingerprint == 0 || !TakesEffect(entry))
        {
            return;
        }

        var operation = OperationOf(entry);
        SimViolation.Unless(
            _requests.TryAdd(operation.Number, (At, entry.Position)),
            $"Invariant 8: request {operation.Number} took effect on {entity} at {entry.Position} of shard {At} and before that at {_requests[operation.Number]}.");
        foreach (var name in operation.Sets)
        {
            _states[name] = operation.Apply(name, _states.GetValueOrDefault(name));
            model[(At, entity, name)] = (entry.EntityVersion, _states[name]);
        }

        foreach (var change in entry.Changes)
        {
            SimViolation.Unless(
                RequestChecker.Same(change.Bytes, _states.GetValueOrDefault(change.Name)) && change.Version == entry.EntityVersion,
                $"A lost update: request {operation.Number} left state {change.Name} of {entity} at {entry.EntityVersion} of shard {At} as something else than all requests before it make.");
        }
    }

    /// <summary>A remembered request changed nothing here. Nor did one that sets nothing: nobody can tell how often it was made.</summary>
    private bool TakesEffect(LogEntry entry) => OperationOf(entry).Sets.Length > 0 && entry.EntityVersion.Position == entry.Position;

    private SimOperation OperationOf(LogEntry entry) => world.Operations[(int)entry.Fingerprint - 1];

    private void Note(int shard, LogEntry entry)
    {
        foreach (var change in entry.Changes.Where(static change => change.Name == Residence.StateName))
        {
            model[(shard, entity, change.Name)] = (change.Version, change.Bytes);
        }
    }

    private LogEntry? Take(int shard) => _next[shard] < logs[shard].Count ? logs[shard][_next[shard]++] : null;
}
