using System.Collections.Immutable;
using OrleansGeo.Api.Geo;
using OrleansGeo.World.Drills.Calls;
using OrleansGeo.World.Drills.Judging;
using OrleansGeo.World.Drills.Load;
using OrleansGeo.World.Outcomes;
using OrleansGeo.World.Processes;

namespace OrleansGeo.World.Drills;

/// <summary>What every kind of drill works with: the world, the load and what it noted.</summary>
internal sealed class DrillStage : IDisposable
{
    private readonly IDrillProgress _progress;
    private readonly DrillLoad _load;
    private readonly CancellationTokenSource _abort = new();

    private DrillStage(DrillOptions options, string name, IReadOnlyList<ReadyRegion> regions, DrillRegions world, DrillPlan plan, IDrillProgress progress, TimeProvider time)
    {
        (Options, Name, World, Plan, Time, _progress) = (options, name, world, plan, time, progress);
        Urls = [.. regions.Select(static region => region.Url)];
        Victim = world.Names.IndexOf(options.Region);
        Others = [.. Enumerable.Range(0, world.Count).Where(region => region != Victim)];
        _load = new(world, plan, options, Log, time);
    }

    public DrillOptions Options { get; }

    public string Name { get; }

    public DrillRegions World { get; }

    public ImmutableArray<string> Urls { get; }

    public DrillPlan Plan { get; }

    public TimeProvider Time { get; }

    public DrillLog Log { get; } = new();

    /// <summary>The region that the drill is about.</summary>
    public int Victim { get; }

    public ImmutableArray<int> Others { get; }

    public ImmutableArray<int> All => [.. Enumerable.Range(0, World.Count)];

    /// <summary>When the load was in full swing.</summary>
    public long WarmSince { get; private set; }

    public long Now => Time.GetTimestamp();

    public static async Task<DrillStage> CreateAsync(
        DrillOptions options, IReadOnlyList<ReadyRegion> regions, string name, IDrillProgress progress, TimeProvider time, CancellationToken cancellationToken)
    {
        var world = new DrillRegions(regions, options.Deadline, time);
        try
        {
            var through = regions[0].Region == options.Region ? 1 : 0;
            var topology = await world.GetAsync<TopologyView>(through, "/v1/geo/topology", cancellationToken);
            if (topology.Regions.FirstOrDefault(static region => region.Mode == "drained") is { } drained)
            {
                throw WorldException.Usage(
                    $"{drained.Name} is drained, and a drill begins with every region in use: restore it with: curl -X POST {regions[through].Url}/v1/geo/regions/{drained.Name}/restore");
            }

            topology = await HomeWaits.SettleAsync(world, topology, options.Patience, progress, time, cancellationToken);
            var plan = await DrillPlan.CreateAsync(world, options, name, topology, cancellationToken);
            return new(options, name, regions, world, plan, progress, time);
        }
        catch
        {
            world.Dispose();
            throw;
        }
    }

    public void Say(string line) => _progress.Say(line);

    /// <summary>Starts the load and returns once every writer was acknowledged and the time before the fault has passed.</summary>
    /// <exception cref="WorldException">The world does not serve the load at all.</exception>
    public async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        Say($"{Name}: {Plan.Targets.Length} entities ({Plan.AffectedShards.Count()} shards at home in {Options.Region}), about {Options.Rate} requests/s …");
        StartLoad();
        if (!await UntilAsync(Options.Patience, () => Task.FromResult(IsWarm()), cancellationToken))
        {
            var failed = Log.Writes.FirstOrDefault(static write => !write.Call.IsDone);
            throw WorldException.Failure(
                $"The load was not acknowledged everywhere within {Options.Patience.TotalSeconds:0} s before the drill began ({failed?.Call.Describe() ?? "no answers"}): is the world healthy?");
        }

        WarmSince = Now;
        await Task.Delay(Options.Before, Time, cancellationToken);
    }

    public void StartLoad() => _load.Start(_abort.Token);

    /// <summary>Stops the load, and repeats what has an unknown outcome with the same key: that is safe, and tells.</summary>
    public async Task StopLoadAsync(CancellationToken cancellationToken)
    {
        await _load.StopAsync().WaitAsync(cancellationToken);
        await Audits.SettleAsync(this, cancellationToken);
    }

    public Task AfterwardsAsync(CancellationToken cancellationToken) => Task.Delay(Options.After, Time, cancellationToken);

    /// <summary>Whether every affected shard acknowledged a write at another home in time.</summary>
    public Task<bool> RecoversAsync(CancellationToken cancellationToken) => UntilAsync(
        Options.Rto * 2 + Options.Deadline,
        () => Task.FromResult(Statistics.FirstElsewhere(Log.Writes) is var first && Plan.AffectedShards.All(first.ContainsKey)),
        cancellationToken);

    public Task<bool> UntilAsync(TimeSpan patience, Func<Task<bool>> condition, CancellationToken cancellationToken) =>
        Polls.UntilAsync(condition, patience, Time, cancellationToken);

    public void Dispose()
    {
        _abort.Cancel();
        World.Dispose();
        _abort.Dispose();
    }

    private bool IsWarm()
    {
        var acknowledged = Log.Writes.Where(static write => write.Call.IsDone).Select(static write => write.Writer).ToHashSet();
        return Plan.Writers.All(acknowledged.Contains);
    }
}
