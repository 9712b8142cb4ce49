using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Simulation.Clients;
using OrleansGeo.Simulation.Shells;
using OrleansGeo.Simulation.Stores;

namespace OrleansGeo.Simulation;

/// <summary>One region: its disk, and the activations of its shards, which a crash ends.</summary>
internal sealed class SimRegion(SimWorld world, int index)
{
    private readonly List<ShardShell> _zombies = [];

    public int Index => index;

    public RegionId Id { get; } = new($"r{index}");

    public bool IsUp { get; private set; }

    public SimStore Store { get; } = new(world, index);

    public ShardShell?[] Shells { get; } = new ShardShell?[world.Config.Shards.Length];

    /// <summary>What this region last heard of each shard's home. Kept on its disk.</summary>
    public HomeAssignment[] Known { get; } = [.. world.Topology];

    public void Start()
    {
        IsUp = true;
        for (var shard = 0; shard < Shells.Length; shard++)
        {
            if (world.Chance.Percent(50))
            {
                Known[shard] = world.Topology[shard];
            }

            Activate(shard);
        }
    }

    public void Crash()
    {
        world.Trace($"{world.NameOf(index)} crashes");
        IsUp = false;
        foreach (var shell in Shells)
        {
            shell?.Stop();
        }

        _zombies.ForEach(static zombie => zombie.Stop());
        _zombies.Clear();
        Store.Queue.Crash();
        Array.Clear(Shells);
    }

    /// <summary>A second activation of a shard, while the first does not know yet that it is dead.</summary>
    public void Duplicate(int shard)
    {
        if (Shells[shard] is { } old)
        {
            world.Trace($"{world.NameOf(index)} shard {shard}: a second activation");
            _zombies.Add(old);
            world.Events.After(world.Chance.Between(10_000, 300_000), () =>
            {
                old.Stop();
                _zombies.Remove(old);
            });
            Activate(shard);
        }
    }

    public void Learn(int shard, HomeAssignment home)
    {
        if (home.Epoch <= Known[shard].Epoch)
        {
            return;
        }

        Known[shard] = home;
        if (IsUp && home.Region == Id)
        {
            Shells[shard]?.Stop();
            Activate(shard);
        }
    }

    public void BecomeReplica(int shard)
    {
        Shells[shard]?.Stop();
        var shell = new ReplicaShell(world, this, shard);
        Shells[shard] = shell;
        shell.Open();
    }

    public void Tick()
    {
        for (var shard = 0; shard < Shells.Length; shard++)
        {
            Shells[shard]?.Tick();
        }

        foreach (var zombie in _zombies.ToArray())
        {
            zombie.Tick();
        }
    }

    public void Request(SimOperation operation, Action<SimAnswer> reply)
    {
        if (Pick(operation.Shard) is HomeShell home)
        {
            home.Request(operation, reply);
        }
        else
        {
            reply(SimAnswer.Refused);
        }
    }

    public void ReadLocally(SimOperation operation)
    {
        if (IsUp && Shells[operation.Shard] is ReplicaShell replica)
        {
            replica.Read(operation);
        }
    }

    public void Append(int shard, AppendMessage message, Action<AppendReply> reply)
    {
        switch (Pick(shard))
        {
            case HomeShell home when message.Token.Epoch > home.Token.Epoch:
                home.StepDown($"a message of {message.Token}");
                (Shells[shard] as ReplicaShell)?.Receive(message, reply);
                break;
            case HomeShell { Log: { } log } home:
                reply(new(AppendVerdict.Fenced, log.Stored, log.Head.LastEpoch, log.Stored, log.Head.LastEpoch, home.Token));
                break;
            case ReplicaShell replica:
                replica.Receive(message, reply);
                break;
        }
    }

    public void Copy(int shard, CopyMessage message, Action<bool> reply)
    {
        if (Pick(shard) is ReplicaShell replica)
        {
            replica.Receive(message, reply);
        }
    }

    public void Hello(int shard, RegionId replica) => (Shells[shard] as HomeShell)?.Hello(replica);

    public void Activate(int shard)
    {
        Shells[shard] = Known[shard].Region == Id
            ? new HomeShell(world, this, shard, Known[shard].Token)
            : new ReplicaShell(world, this, shard);
        Shells[shard]!.Open();
    }

    /// <summary>The activation that a message finds: now and then an old one.</summary>
    private ShardShell? Pick(int shard)
    {
        var old = _zombies.FirstOrDefault(zombie => zombie.IsAlive && zombie.IsFor(shard));
        return old is not null && world.Chance.Percent(40) ? old : Shells[shard];
    }
}
