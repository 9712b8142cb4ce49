using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Topology;
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

    public SessionChecker Sessions { get; } = new(world);

    public StalenessChecker Staleness { get; } = new(world);

    public RowChecker Rows { get; } = new(world);

    public EntityChecker Entities { get; } = new(world);

    public EntityReadChecker EntityReads { get; } = new(world);

    public HomeChecker Homes { get; } = new(world);

    public TopologyChecker Topologies { get; } = new(world);

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

        if (Array.Find(world.RowClients, static client => client.Current is not null) is { Current: { } request })
        {
            return $"row request {request.Number} is not finished";
        }

        if (Array.Find(world.Movers, static mover => mover.NotDone is not null) is { NotDone: var what })
        {
            return what;
        }

        foreach (var region in world.Regions)
        {
            if (!region.HasLease || region.Topology.Version < world.Newest.Version)
            {
                return $"{region.Id} has no lease that the topology names ({region.Control?.Control.LostBecause}), or knows topology {region.Topology.Version} instead of {world.Newest.Version}";
            }
        }

        for (var shard = 0; shard < world.ShardCount; shard++)
        {
            var (assignment, reserved, _, _) = world.StateOf(shard);
            if (reserved is not null || !IsWhereItShouldBe(shard, assignment.Region))
            {
                return $"shard {shard} is at {assignment.Token}, reserved for {reserved}, and should be elsewhere";
            }

            var at = world.IndexOf(assignment.Region);
            if (world.Regions[at].Shells[shard] is not HomeShell { IsReady: true, Log: var home } shell || (shell.Token != assignment.Token && !world.IsRow(shard)) || home.Acknowledged < home.LastStaged || home.Stored < world.Regions[at].Store[shard].Head.Last)
            {
                return $"shard {shard} has no home that acknowledged everything; it should be {assignment.Token}, there is {Describe(world.Regions[at], shard)}";
            }

            foreach (var region in world.Regions.Where(region => region.Index != at))
            {
                if (region.Shells[shard] is not ReplicaShell { Readable: not null, Log: { } replica } || replica.Head.Last != home.Stored || replica.Head.LastEpoch != home.Head.LastEpoch || replica.Applied != home.Stored)
                {
                    return $"shard {shard} in {world.NameOf(region.Index)} is not where its home {assignment.Token} is: {Describe(region, shard)} against {home.Head.LastEpoch}.{home.Stored}";
                }
            }
        }

        return null;
    }

    /// <summary>No home stays in a drained region while another could have it.</summary>
    private bool IsWhereItShouldBe(int shard, RegionId home) =>
        world.IsRow(shard) || world.Map.Prefer(world.MapIndexOf(shard), region => world.Newest.StateOf(region).Mode != RegionMode.Drained) is not { } best || best == home;

    /// <summary>At rest: every region shows what the home's log makes, and what clients were told is true.</summary>
    public void Final()
    {
        var moved = world.Config.Moves ? Entities.Replay(isFinal: true) : [];
        for (var shard = 0; shard < world.ShardCount; shard++)
        {
            var token = world.StateOf(shard).Home.Token;
            var home = world.IndexOf(token.Region);
            Acknowledgements.Check(home, shard, token);
            if (world.IsRow(shard))
            {
                Rows.Replay(home, shard, isFinal: true);
                continue;
            }

            var model = world.Config.Moves ? moved.Where(pair => pair.Key.Shard == shard).ToDictionary(static pair => (pair.Key.Entity, pair.Key.State), static pair => pair.Value) : Requests.Replay(home, shard);
            foreach (var region in world.Regions)
            {
                foreach (var ((entity, state), (version, bytes)) in model)
                {
                    var shown = Show(region, shard, entity).Find(state);
                    SimViolation.Unless(
                        RequestChecker.Same(bytes, shown?.Bytes) && (shown is null || shown.Version == version || bytes is null),
                        $"Invariant 11: at rest {world.NameOf(region.Index)} shows state {state} of {entity} of shard {shard} at {shown?.Version}, the log says {version}.");
                }
            }
        }

        Requests.Final(Logs.EverStored);
        Rows.Final(Show);
        Sessions.Final((region, shard) => (world.Regions[region].Shells[shard]!.Epochs, world.Regions[region].Shells[shard]!.ShownVersion.Position));
    }

    private static EntityRecord Show(SimRegion region, int shard, string entity)
    {
        var live = region.Shells[shard]!.Readable!.Hold(entity);
        ShardRecords.Loaded(live, region.Store.ReadRecord(shard, entity));
        return live.Current!;
    }

    private static string Describe(SimRegion region, int shard) => region.Shells[shard] switch
    {
        ReplicaShell { Log: { } log } => $"replica at {log.Head.LastEpoch}.{log.Head.Last}, applied {log.Applied}, promised {log.Head.Promised}, copying {log.Head.Copying}",
        HomeShell home => $"home as {home.Token}, ready {home.IsReady}, staged {home.Log.LastStaged} stored {home.Log.Stored} acknowledged {home.Log.Acknowledged}",
        { } other => other.GetType().Name,
        null => "nothing",
    };
}
