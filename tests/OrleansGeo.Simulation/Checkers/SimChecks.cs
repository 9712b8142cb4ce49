using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Simulation.Shells;

namespace OrleansGeo.Simulation.Checkers;

/// <summary>The judges of a run, apart from what they judge.</summary>
internal sealed class SimChecks(SimWorld world)
{
    public LogChecker Logs { get; } = new(world);

    public FenceChecker Fences { get; } = new(world);

    public AcknowledgementChecker Acknowledgements { get; } = new(world);

    public RequestChecker Requests { get; } = new(world);

    public VisibleChecker Visible { get; } = new(world);

    public ReadChecker Reads { get; } = new(world);

    /// <summary>Invariant 11: why the run has not come to rest; null when it has.</summary>
    public string? WhyNotAtRest()
    {
        foreach (var client in world.Clients)
        {
            if (client.Current is { } operation)
            {
                return $"request {operation.Number} is not finished";
            }
        }

        for (var shard = 0; shard < world.Config.Shards.Length; shard++)
        {
            var assignment = world.Topology[shard];
            var at = world.IndexOf(assignment.Region);
            if (world.Regions[at].Shells[shard] is not HomeShell { IsReady: true, Log: { } home } shell || shell.Token != assignment.Token || home.Acknowledged < home.LastStaged || home.Stored < world.Regions[at].Store[shard].Head.Last)
            {
                return $"shard {shard} has no home that acknowledged everything; it should be {assignment.Token}";
            }

            foreach (var region in world.Regions.Where(region => region.Index != at))
            {
                if (region.Shells[shard] is not ReplicaShell { Log: { } replica } || replica.Head.Last != home.Stored || replica.Head.LastEpoch != home.Head.LastEpoch || replica.Applied != home.Stored)
                {
                    return $"shard {shard} in {world.NameOf(region.Index)} is not where its home {assignment.Token} is: {Describe(region, shard)} against {home.Head.LastEpoch}.{home.Stored}";
                }
            }
        }

        return null;
    }

    /// <summary>At rest: every region shows what the home's log makes, and what clients were told is true.</summary>
    public void Final()
    {
        for (var shard = 0; shard < world.Config.Shards.Length; shard++)
        {
            var home = world.IndexOf(world.Topology[shard].Region);
            Acknowledgements.Check(home, shard, world.Topology[shard].Token);
            var model = Requests.Replay(home, shard);
            foreach (var region in world.Regions)
            {
                var records = region.Shells[shard] is HomeShell shell ? shell.Log!.Records : ((ReplicaShell)region.Shells[shard]!).Log!.Records;
                foreach (var ((entity, state), (version, bytes)) in model)
                {
                    var shown = Show(records, region, shard, entity).Find(state);
                    SimViolation.Unless(
                        RequestChecker.Same(bytes, shown?.Bytes) && (shown is null || shown.Version == version || bytes is null),
                        $"Invariant 11: at rest {world.NameOf(region.Index)} shows state {state} of {entity} of shard {shard} at {shown?.Version}, the log says {version}.");
                }
            }
        }

        Requests.Final(Logs.EverStored);
    }

    private static EntityRecord Show(ShardRecords records, SimRegion region, int shard, string entity)
    {
        var live = records.Hold(entity);
        ShardRecords.Loaded(live, region.Store.ReadRecord(shard, entity));
        return live.Current!;
    }

    private static string Describe(SimRegion region, int shard) => region.Shells[shard] switch
    {
        ReplicaShell { Log: { } log } => $"replica at {log.Head.LastEpoch}.{log.Head.Last}, applied {log.Applied}, promised {log.Head.Promised}, copying {log.Head.Copying}",
        HomeShell home => $"home as {home.Token}",
        null => "nothing",
        _ => "opening",
    };
}
