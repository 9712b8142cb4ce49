using OrleansGeo.Api.Geo;
using OrleansGeo.World.Drills.Calls;
using OrleansGeo.World.Outcomes;

namespace OrleansGeo.World.Drills;

/// <summary>Moves of homes that an operator asks for, and the wait until every region knows of their end.</summary>
internal static class HomeWaits
{
    /// <summary>So many entries are what a load always has under way.</summary>
    private const long LagOfLoad = 200;

    /// <summary>Until the region is seen by all others, may act as home and has all but the newest entries.</summary>
    /// <exception cref="WorldException">It took too long.</exception>
    public static Task CatchUpAsync(DrillStage stage, CancellationToken cancellationToken) => EnsureAsync(
        stage, $"{stage.Options.Region} did not catch up", async () => (await Task.WhenAll(stage.Others.Select(async region =>
            (await stage.World.GetAsync<RegionsView>(region, "/v1/geo/regions", cancellationToken)).Regions.Single(seen => seen.Name == stage.Options.Region)
                is { State: "up", Lease: "held", LagEntries: <= LagOfLoad }))).All(static good => good), cancellationToken);

    /// <summary>Moves every home away from the region.</summary>
    /// <exception cref="WorldException">It was refused, or took too long.</exception>
    public static async Task DrainAsync(DrillStage stage, CancellationToken cancellationToken)
    {
        await PostAsync(stage, "drain", cancellationToken);
        await EnsureAsync(
            stage, $"{stage.Options.Region} still homes something",
            () => AllShowAsync(stage, view => !view.Shards.Any(shard => shard.Home == stage.Options.Region || shard.Reserved == stage.Options.Region), cancellationToken),
            cancellationToken);
    }

    /// <summary>Gives every region its homes. What a drill measures must not depend on what happened before it.</summary>
    /// <exception cref="WorldException">It was refused, or took too long.</exception>
    public static async Task<TopologyView> SettleAsync(
        DrillRegions world, TopologyView topology, TimeSpan patience, IDrillProgress progress, TimeProvider time, CancellationToken cancellationToken)
    {
        string[] lacking = [.. topology.Shards.Where(static shard => !IsSettled(shard)).Select(static shard => shard.Preferred).Distinct().Order(StringComparer.Ordinal)];
        foreach (var region in lacking)
        {
            progress.Say($"{region} is not home of all that it should be home of. Giving it its homes back …");
            await world.PostAsync(world.Names.IndexOf(region), $"/v1/geo/regions/{region}/restore", null, cancellationToken);
        }

        if (!await Polls.UntilAsync(AreSettledAsync, patience, time, cancellationToken))
        {
            throw WorldException.Failure(
                $"{string.Join(", ", lacking)} did not get its homes back in {patience.TotalSeconds:0} s, and a drill begins with every home in its place: see GET /v1/geo/topology and /v1/geo/regions.");
        }

        return topology;

        async Task<bool> AreSettledAsync()
        {
            var views = await Task.WhenAll(world.Names.Select((_, region) => world.GetAsync<TopologyView>(region, "/v1/geo/topology", cancellationToken)));
            topology = views[0];
            return views.All(static view => view.Shards.All(IsSettled));
        }
    }

    /// <summary>Gives the region its homes back.</summary>
    /// <exception cref="WorldException">It was refused, or took too long.</exception>
    public static async Task RestoreAsync(DrillStage stage, CancellationToken cancellationToken)
    {
        await PostAsync(stage, "restore", cancellationToken);
        await EnsureAsync(
            stage, $"{stage.Options.Region} does not have its homes back",
            () => AllShowAsync(
                stage, view => view.Shards.All(shard => shard.Preferred != stage.Options.Region || IsSettled(shard)), cancellationToken),
            cancellationToken);
    }

    private static bool IsSettled(TopologyShardView shard) => shard.Home == shard.Preferred && shard.Reserved is null;

    private static Task PostAsync(DrillStage stage, string verb, CancellationToken cancellationToken) =>
        stage.World.PostAsync(stage.Others[0], $"/v1/geo/regions/{stage.Options.Region}/{verb}", null, cancellationToken);

    private static async Task<bool> AllShowAsync(DrillStage stage, Func<TopologyView, bool> condition, CancellationToken cancellationToken) =>
        (await Task.WhenAll(stage.All.Select(region => stage.World.GetAsync<TopologyView>(region, "/v1/geo/topology", cancellationToken)))).All(condition);

    private static async Task EnsureAsync(DrillStage stage, string otherwise, Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        if (!await stage.UntilAsync(stage.Options.Patience, condition, cancellationToken))
        {
            throw WorldException.Failure(
                $"{otherwise} after {stage.Options.Patience.TotalSeconds:0} s: see {stage.Urls[stage.Others[0]]}/v1/geo/topology and /v1/geo/regions.");
        }
    }
}
