using System.Collections.Immutable;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Simulation;

/// <summary>The shape of one run. All of it follows from the seed.</summary>
internal sealed record SimConfig
{
    public required int Regions { get; init; }

    public required ImmutableArray<ShardFamily> Shards { get; init; }

    public required int Entities { get; init; }

    public required int Clients { get; init; }

    public required int LossPercent { get; init; }

    public required int DuplicatePercent { get; init; }

    public required int StoreFailPercent { get; init; }

    /// <summary>How often chaos strikes, on average.</summary>
    public required int ChaosEveryMilliseconds { get; init; }

    /// <summary>The longest that a region is down or a link is cut.</summary>
    public required int OutageMilliseconds { get; init; }

    /// <summary>How often a strike is aimed at a home: cut off, crashed, stalled. The rest hits anything.</summary>
    public required int HomeStrikePercent { get; init; }

    /// <summary>How often a strike is an operator's order or a home's wish to move.</summary>
    public required int OperatorPercent { get; init; }

    /// <summary>Whether a region may have two activations of one shard for a while, as Orleans allows.</summary>
    public required bool DuplicateActivations { get; init; }

    /// <summary>Whether one region is a witness: it votes, and is never home.</summary>
    public required bool Witness { get; init; }

    /// <summary>Whether all homes prefer the first region that lives.</summary>
    public required bool ActivePassive { get; init; }

    public required TimeSpan LeaseDuration { get; init; }

    /// <summary>By how much the rates of the regions' clocks may differ; they use all of it.</summary>
    public required double DriftMargin { get; init; }

    public required TimeSpan FailbackDelay { get; init; }

    /// <summary>Whether an operator brings drained regions back in the end.</summary>
    public required bool RestoreInTheEnd { get; init; }

    public required int BatchBytes { get; init; }

    public required int WindowBytes { get; init; }

    public required long RetentionBytes { get; init; }

    public required int StagedBytes { get; init; }

    public required TimeSpan DeduplicationWindow { get; init; }

    public required int ChaosMilliseconds { get; init; }

    /// <summary>How many of the clients keep a session, and go from region to region.</summary>
    public required int Sessions { get; init; }

    /// <summary>The longest that a region waits before it asks the others again where their logs stand.</summary>
    public required int ProbeMilliseconds { get; init; }

    /// <summary>Whether there are multi-writer entities.</summary>
    public required bool Rows { get; init; }

    public required int RowClients { get; init; }

    /// <summary>Whether disks are replaced now and then, one at a time, by older or empty ones; and regions start again without evidence that theirs was not.</summary>
    public required bool DisksReplaced { get; init; }

    /// <summary>Whether entities are moved between shards, which are of one family then.</summary>
    public bool Moves { get; init; }

    public int Movers { get; init; }

    /// <summary>How long a mover pauses, on average.</summary>
    public int MoveEveryMilliseconds { get; init; } = 100;

    public SimFault Fault { get; init; }

    /// <summary>Whether no disk ever goes back to an older state.</summary>
    public bool StoresAreKept => !DisksReplaced;

    public int Majority => (Regions / 2) + 1;

    public static SimConfig From(Chance chance, SimFault fault) => WithMoves(Standing(chance, fault), chance);

    private static SimConfig Standing(Chance chance, SimFault fault)
    {
        var shards = chance.Between(1, 2);
        var calm = chance.Percent(15);
        return new()
        {
            Regions = chance.Pick([1, 2, 3, 3, 3, 4, 5, 5]),
            Shards = [.. Enumerable.Range(0, shards).Select(_ => (ShardFamily)chance.Below(2))],
            Entities = chance.Between(1, 4),
            Clients = chance.Between(1, 4),
            LossPercent = chance.Pick([0, 0, 1, 5, 15]),
            DuplicatePercent = chance.Pick([0, 2, 10]),
            StoreFailPercent = chance.Pick([0, 1, 5]),
            ChaosEveryMilliseconds = calm ? 100_000 : chance.Pick([60, 150, 400]),
            OutageMilliseconds = chance.Pick([300, 1_200, 3_000]),
            HomeStrikePercent = chance.Pick([10, 40, 70]),
            OperatorPercent = chance.Pick([0, 10, 30]),
            DuplicateActivations = chance.Percent(25),
            Witness = chance.Percent(15),
            ActivePassive = chance.Percent(20),
            LeaseDuration = TimeSpan.FromMilliseconds(chance.Pick([200, 400, 400])),
            DriftMargin = chance.Pick([0.02, 0.1]),
            FailbackDelay = TimeSpan.FromMilliseconds(chance.Pick([300, 1_000])),
            RestoreInTheEnd = chance.Percent(60),
            BatchBytes = chance.Pick([1, 300, 100_000]),
            WindowBytes = chance.Pick([1, 400, 100_000]),
            RetentionBytes = chance.Pick([1, 500, 5_000, 100_000]),
            StagedBytes = chance.Pick([600, 100_000]),
            DeduplicationWindow = TimeSpan.FromMilliseconds(chance.Pick([2_400, 4_000])),
            ChaosMilliseconds = chance.Between(1_000, 5_000),
            Sessions = chance.Between(0, 3),
            ProbeMilliseconds = chance.Pick([100, 300, 1_000]),
            Rows = chance.Percent(30),
            RowClients = chance.Between(1, 3),
            DisksReplaced = chance.Percent(50),
            Fault = fault,
        };
    }

    private static SimConfig WithMoves(SimConfig config, Chance chance) => !chance.Percent(25) ? config : config with
    {
        Moves = true,
        Movers = chance.Between(1, 2),
        MoveEveryMilliseconds = chance.Pick([30, 100, 300]),
        Shards = [.. Enumerable.Repeat(config.Shards[0], config.Regions > 1 ? chance.Between(2, 3) : 2)],
    };
}
