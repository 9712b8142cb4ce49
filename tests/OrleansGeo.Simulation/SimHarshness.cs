using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Simulation;

/// <summary>Kinds of runs that meet rare situations often.</summary>
internal enum SimHarshness
{
    /// <summary>Logs hold little and outages are long, so that replicas are sent records.</summary>
    Copies,

    /// <summary>Homes change faster than logs agree.</summary>
    Promotions,

    /// <summary>As <see cref="Promotions"/>, of region shards in five regions: acknowledged writes are lost and must be in a ledger.</summary>
    LostWrites,

    /// <summary>Homes move all the time, by plan.</summary>
    HandOvers,

    /// <summary>Multi-writer entities whose regions lose their disks; sessions that go from one to the other.</summary>
    Rows,

    /// <summary>Regions that start again all the time, without evidence of what their disks hold, which now and then are old or empty.</summary>
    Disks,

    /// <summary>Entities that are moved between shards all the time, with sessions that go from region to region.</summary>
    Moves,
}

internal static class SimHarshnessExtensions
{
    public static SimConfig Apply(this SimHarshness harshness, SimConfig config) => harshness switch
    {
        SimHarshness.Copies => config with
        {
            Regions = config.Entities > 2 ? 5 : 3,
            RetentionBytes = 1,
            WindowBytes = 1,
            BatchBytes = 1,
            DeduplicationWindow = TimeSpan.FromMilliseconds(2_400),
            OutageMilliseconds = 4_000,
            ChaosEveryMilliseconds = 150,
            ChaosMilliseconds = 8_000,
            DuplicatePercent = 10,
        },
        SimHarshness.Promotions => config with
        {
            Regions = config.Entities > 2 ? 5 : 3,
            HomeStrikePercent = 80,
            LeaseDuration = TimeSpan.FromMilliseconds(200),
            ChaosEveryMilliseconds = 100,
            ChaosMilliseconds = 4_000,
            OutageMilliseconds = 600,
        },
        SimHarshness.HandOvers => config with
        {
            Regions = config.Entities > 2 ? 5 : 3,
            OperatorPercent = 70,
            ChaosEveryMilliseconds = 60,
            ChaosMilliseconds = 4_000,
            OutageMilliseconds = 400,
            LossPercent = 5,
        },
        SimHarshness.Rows => config with
        {
            Regions = config.Entities > 2 ? 4 : 3,
            Rows = true,
            RowClients = 3,
            DisksReplaced = true,
            ProbeMilliseconds = 100,
            ChaosEveryMilliseconds = 150,
            ChaosMilliseconds = 5_000,
            OutageMilliseconds = 600,
            RetentionBytes = config.Clients > 2 ? 1 : config.RetentionBytes,
        },
        SimHarshness.Disks => config with
        {
            Regions = config.Entities > 2 ? 5 : 3,
            DisksReplaced = true,
            HomeStrikePercent = 60,
            LeaseDuration = TimeSpan.FromMilliseconds(200),
            ChaosEveryMilliseconds = 200,
            ChaosMilliseconds = 6_000,
            OutageMilliseconds = config.Clients > 2 ? 100 : 600,
        },
        SimHarshness.Moves => config with
        {
            Regions = config.Entities > 2 ? 5 : 3,
            Shards = [.. Enumerable.Repeat(config.Shards[0], config.Clients > 2 ? 3 : 2)],
            Entities = 2,
            Moves = true,
            Movers = 2,
            MoveEveryMilliseconds = 30,
            Sessions = 3,
            Clients = 4,
            ChaosEveryMilliseconds = 150,
            ChaosMilliseconds = 4_000,
            OutageMilliseconds = 600,
        },
        _ => config with
        {
            Regions = 5,
            Shards = [.. Enumerable.Repeat(ShardFamily.Region, config.Moves ? 2 : 1)],
            HomeStrikePercent = 60,
            LeaseDuration = TimeSpan.FromMilliseconds(200),
            ChaosEveryMilliseconds = 150,
            ChaosMilliseconds = 4_000,
            OutageMilliseconds = 800,
            RetentionBytes = config.Clients > 2 ? 1 : 100_000,
        },
    };
}
