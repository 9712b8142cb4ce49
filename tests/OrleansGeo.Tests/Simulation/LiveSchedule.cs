using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Simulation;
using OrleansGeo.Simulation.Clients;
using OrleansGeo.Simulation.Rows;
using OrleansGeo.Simulation.Shells;

namespace OrleansGeo.Tests.Simulation;

/// <summary>Whole regions, three as a rule, with one shard, no client and no chaos: a test strikes by hand.</summary>
internal sealed class LiveSchedule
{
    public LiveSchedule(SimFault fault, ShardFamily family, ulong seed = 1, double driftMargin = 0.02, bool hasRows = false, int movesBetween = 0, int regions = 3, bool disksReplaced = false)
    {
        World = new(seed, fault, adjust: config => config with
        {
            Regions = regions,
            Shards = [.. Enumerable.Repeat(family, Math.Max(1, movesBetween))],
            Witness = false,
            ActivePassive = false,
            DuplicateActivations = false,
            LossPercent = 0,
            DuplicatePercent = 0,
            StoreFailPercent = 0,
            OperatorPercent = 0,
            Rows = hasRows,
            Moves = movesBetween > 0,
            Movers = 0,
            ProbeMilliseconds = movesBetween > 0 ? 100 : config.ProbeMilliseconds,
            DisksReplaced = disksReplaced,
            LeaseDuration = TimeSpan.FromMilliseconds(400),
            DriftMargin = driftMargin,
        });
        World.Begin();
    }

    public SimWorld World { get; }

    /// <summary>The region that was home first.</summary>
    public SimRegion First => World.Regions[World.IndexOf(World.Map.PreferredHome(World.MapIndexOf(0)))];

    /// <summary>Another region than the first home.</summary>
    public SimRegion Other => World.Regions[(First.Index + 1) % World.Regions.Length];

    /// <summary>The region that is to be home while the first one cannot.</summary>
    public SimRegion Next => World.Regions[World.IndexOf(World.Map.Prefer(World.MapIndexOf(0), region => region != First.Id)!.Value)];

    /// <summary>The region, of three, that is neither.</summary>
    public SimRegion Last => World.Regions.Single(region => region != First && region != Next);

    public HomeShell Home => Assert.IsType<HomeShell>(First.Shells[0]);

    /// <summary>Goes on until the first home serves.</summary>
    public LiveSchedule Served()
    {
        Until(() => Serves(First));
        return this;
    }

    /// <summary>Whether a region is home of the shard and takes requests.</summary>
    public static bool Serves(SimRegion region) => region.Shells[0] is HomeShell { WouldServe: true };

    /// <summary>Goes on event by event until something is so.</summary>
    public void Until(Func<bool> isSo, int milliseconds = 3_000)
    {
        var end = World.Events.Now + (milliseconds * 1_000L);
        while (!isSo())
        {
            Assert.True(World.Events.Step(end), "It did not come to that.");
        }
    }

    public void For(int milliseconds)
    {
        // Time goes from event to event: one of its own, so that it gets there.
        var isOver = false;
        World.Events.After(milliseconds * 1_000L, () => isOver = true);
        Until(() => isOver);
    }

    public SimOperation Ask(bool isRead, Action<SimReply>? reply = null, SimRegion? region = null)
    {
        var operation = new SimOperation((ulong)World.Operations.Count, 0, "e0", isRead, ["a"], null);
        World.Operations.Add(operation);
        (region ?? First).Request(operation, new(0), reply ?? (static _ => { }));
        return operation;
    }

    /// <summary>A write at the first home, until it is acknowledged.</summary>
    public SimOperation Write()
    {
        SimAnswer? answered = null;
        var operation = Ask(isRead: false, reply => answered ??= reply.Answer);
        Until(() => answered is not null);
        Assert.Equal(SimAnswer.Done, answered);
        return operation;
    }

    /// <summary>An increment of a multi-writer entity in a region, asked for until that region acknowledged it.</summary>
    public void Count(SimRegion region)
    {
        var operation = new RowOperation(World.RowOperations.Count, "m0", RowOperationKind.Count, 1, "", ForMajority: false) { Session = new(World) };
        World.RowOperations.Add(operation);
        for (var attempts = 0; operation.Outcome != SimOutcome.Acknowledged; attempts++)
        {
            Assert.True(attempts < 100, "It was not acknowledged.");
            region.RowRequest(operation, reply => operation.Outcome = reply.Answer == SimAnswer.Done ? SimOutcome.Acknowledged : operation.Outcome);
            For(20);
        }
    }

    /// <summary>The same request once more, in a region that serves; then that region's log is played to a model.</summary>
    public void Repeat(SimOperation operation, SimRegion region)
    {
        region.Request(operation, new(0), static _ => { });
        For(200);
        World.Checks.Requests.Replay(region.Index, 0);
    }

    /// <summary>The first home's process ends and starts again.</summary>
    public void Restart()
    {
        First.Crash();
        First.Start();
        Served();
    }

    /// <summary>The first home announces that it hands the shard over.</summary>
    public void Reserve(SimRegion? receiver = null) => Other.Control!.Ask(
        topology => TopologyChanges.Reserve(topology, First.Id, new Dictionary<int, RegionId> { [World.MapIndexOf(0)] = (receiver ?? Other).Id }), null);

    /// <summary>Goes on until another region serves.</summary>
    public SimRegion Promoted()
    {
        bool IsNext(SimRegion region) => region != First && Serves(region);
        Until(() => World.Regions.Any(IsNext));
        return World.Regions.First(IsNext);
    }

    /// <summary>For a while, asks the first home, or another region, for a read every millisecond.</summary>
    public void KeepAsking(int milliseconds, SimRegion? region = null)
    {
        for (var i = 0; i < milliseconds; i++)
        {
            Ask(isRead: true, region: region);
            For(1);
        }
    }

    /// <summary>Nothing gets from one region to another, either way.</summary>
    public void CutBetween(SimRegion one, SimRegion other)
    {
        World.Network.SetCut(one.Index, other.Index, cut: true);
        World.Network.SetCut(other.Index, one.Index, cut: true);
    }

    /// <summary>Nothing reaches the first home any more; with <paramref name="bothWays"/>, it reaches nobody either.</summary>
    public void CutOff(bool bothWays)
    {
        foreach (var other in World.Regions.Where(other => other != First))
        {
            World.Network.SetCut(other.Index, First.Index, cut: true);
            World.Network.SetCut(First.Index, other.Index, bothWays);
        }
    }
}
