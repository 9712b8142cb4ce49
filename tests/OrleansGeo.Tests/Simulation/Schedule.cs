using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Simulation;
using OrleansGeo.Simulation.Clients;
using OrleansGeo.Simulation.Stores;

namespace OrleansGeo.Tests.Simulation;

/// <summary>A schedule written by hand on the simulator's stores and checkers, for what chance meets too rarely.</summary>
internal sealed class Schedule
{
    private readonly Dictionary<(long Epoch, long Position), LogRow> _rows = [];

    public Schedule(SimFault fault, ShardFamily family, int regions = 3, ulong seed = 1)
    {
        Fault = fault;
        World = new(seed, fault, adjust: config => config with { Regions = regions, Shards = [family], DuplicateActivations = false, Rows = false, Moves = false });
    }

    public SimFault Fault { get; }

    public SimWorld World { get; }

    public SimStore this[int region] => World.Regions[region].Store;

    public static WorldRegions ThreeRegions { get; } = new([new("r0"), new("r1"), new("r2")]);

    public static FencingToken Token(int region, long epoch) => new(new($"r{region}"), epoch);

    /// <summary>The row of one write at a position; the same bytes each time.</summary>
    public LogRow Row(long epoch, long position, string state = "a")
    {
        if (!_rows.TryGetValue((epoch, position), out var row))
        {
            var operation = Operation(state);
            var version = new RecordVersion(epoch, new(position));
            row = LogRowCodec.Encode(epoch, [new LogEntry
            {
                Kind = EntryKind.Write,
                Position = new(position),
                Entity = "e0",
                Request = operation.Request,
                Fingerprint = operation.Number + 1,
                EntityVersion = version,
                Changes = [new(state, version, operation.Apply(state, null))],
                Answer = operation.Answer(),
            }]);
            _rows.Add((epoch, position), row);
        }

        return row;
    }

    /// <summary>One client's request, which sets a state.</summary>
    public SimOperation Operation(string state)
    {
        var operation = new SimOperation((ulong)World.Operations.Count, 0, "e0", IsRead: false, [state], null);
        World.Operations.Add(operation);
        return operation;
    }

    /// <summary>Appends rows where the region's log ends.</summary>
    public void Append(int region, FencingToken token, params ImmutableArray<LogRow> rows)
    {
        var head = this[region][0].Head;
        Assert.Equal(AppendVerdict.Stored, this[region].Append(0, isHome: false, token, head.Last, head.LastEpoch, rows).Verdict);
    }

    public void Acknowledge(int region, FencingToken token, long position) => World.Checks.Acknowledgements.Acknowledged(
        region, 0, token, new() { Kind = EntryKind.Write, Position = new(position), Entity = "e0", EntityVersion = new(token.Epoch, new(position)) });

    public CopyMessage Page(FencingToken token, Guid copy, CopyStart? start = null, CopyFinish? finish = null) => new(token, copy, start is null ? 1 : 0, [], [], start, finish);

    public ShardHead Begin(int region, CopyMessage page) => StoreCopies.Begin(World, region, 0, page);

    public static CopyStart StartOf(ShardHead home) => new(home.Trimmed, home.Last, home.Epochs);
}
