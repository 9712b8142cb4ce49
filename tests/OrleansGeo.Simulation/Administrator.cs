using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Simulation;

/// <summary>
/// Moves a shard's home under a higher epoch: a majority promises it, and the region with the longest log among them becomes home. The
/// real promotion has a register and leases around it; what it does to stores and logs is this.
/// </summary>
internal sealed class Administrator(SimWorld world)
{
    private readonly long[] _highest = [.. world.Topology.Select(static home => home.Epoch)];
    private readonly long[] _lastGood = new long[world.Topology.Length];
    private readonly int[] _attempts = new int[world.Topology.Length];

    /// <summary>Promotes where there has been no home that serves for a while.</summary>
    public void Tick()
    {
        for (var shard = 0; shard < _lastGood.Length; shard++)
        {
            var home = world.Topology[shard];
            if (world.RegionOf(home.Region) is { IsUp: true } region && region.Shells[shard] is Shells.HomeShell { IsReady: true } shell && shell.Token == home.Token)
            {
                _lastGood[shard] = world.Events.Now;
            }
            else if (world.Events.Now - _lastGood[shard] > 600_000)
            {
                _lastGood[shard] = world.Events.Now;
                Promote(shard, null);
            }
        }
    }

    public void Promote(int shard, int? wanted)
    {
        var up = world.Regions.Where(static region => region.IsUp).Select(static region => region.Index).ToList();
        if (up.Count == 0)
        {
            return;
        }

        var leader = wanted ?? (world.Chance.Percent(60) ? Longest(up.Select(region => (region, world.Regions[region].Store[shard].Head))) : world.Chance.Pick(up));
        if (!world.Config.EpochsCollide || world.Chance.Percent(50))
        {
            _highest[shard]++;
        }

        var attempt = new Attempt(++_attempts[shard], new(world.Regions[leader].Id, Math.Max(2, _highest[shard])));
        _highest[shard] = attempt.Token.Epoch;
        world.Trace($"administrator: {attempt.Token} for shard {shard}");
        foreach (var region in world.Regions)
        {
            world.Network.Send(leader, region.Index, $"promise {attempt.Token}", () => region.Store.Queue.Submit(
                () => region.IsUp,
                $"shard {shard} promise {attempt.Token}",
                writes: true,
                () => region.Store.Promise(shard, attempt.Token),
                head => world.Network.Send(region.Index, leader, $"promised {head.Promised}", () => Promised(shard, leader, attempt, region.Index, head)),
                static () => { }));
        }
    }

    private void Promised(int shard, int leader, Attempt attempt, int region, ShardHead head)
    {
        if (attempt.IsOver || head.Promised != attempt.Token)
        {
            return;
        }

        attempt.Heads[region] = head;
        var majority = world.Config.Majority - (world.Config.Fault == SimFault.PromiseMajorityOffByOne ? 1 : 0);
        if (attempt.Heads.Count < majority || !attempt.Heads.ContainsKey(leader))
        {
            return;
        }

        // A copying store's promise fences like any other; its log is not one, and never the longest.
        var heads = attempt.Heads.Where(pair => !pair.Value.Copying).Select(static pair => (pair.Key, pair.Value)).ToList();
        if (heads.Count == 0)
        {
            return;
        }

        attempt.IsOver = true;
        var longest = Longest(heads.OrderByDescending(pair => pair.Key == leader));
        if (longest != leader)
        {
            Promote(shard, longest);
        }
        else if (attempt.Token.Epoch > world.Topology[shard].Epoch)
        {
            Appoint(shard, attempt.Token);
        }
    }

    private void Appoint(int shard, FencingToken token)
    {
        world.Trace($"administrator: shard {shard} has the home {token}");
        world.Topology[shard] = new(token.Region, token.Epoch);
        foreach (var region in world.Regions)
        {
            var home = world.Topology[shard];
            world.Network.Send(world.IndexOf(token.Region), region.Index, $"topology {token}", () => region.Learn(shard, home));
        }
    }

    private static int Longest(IEnumerable<(int Region, ShardHead Head)> heads) =>
        heads.OrderByDescending(static pair => pair.Head.LastEpoch).ThenByDescending(static pair => pair.Head.Last).First().Region;

    private sealed record Attempt(int Number, FencingToken Token)
    {
        public Dictionary<int, ShardHead> Heads { get; } = [];

        public bool IsOver { get; set; }
    }
}
