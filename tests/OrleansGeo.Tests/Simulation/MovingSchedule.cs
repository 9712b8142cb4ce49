using OrleansGeo.Protocol.Moves;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Simulation;
using OrleansGeo.Simulation.Clients;
using OrleansGeo.Simulation.Moves;
using OrleansGeo.Simulation.Shells;

namespace OrleansGeo.Tests.Simulation;

/// <summary>Three whole regions, and one entity, <c>e0</c> of shard 0, that a test moves by hand. The first shard and the last one have their homes in different regions.</summary>
internal sealed class MovingSchedule
{
    public const string Entity = "e0";

    public MovingSchedule(SimFault fault, int shards = 2, ShardFamily family = ShardFamily.Quorum)
    {
        var seed = 0UL;
        do
        {
            Live = new(fault, family, ++seed, movesBetween: shards);
        }
        while (HomeOf(0) == HomeOf(shards - 1) || Enumerable.Range(0, shards).Any(shard => HomeOf(shard) == Bystander));

        Live.Until(() => Enumerable.Range(0, shards).All(shard => HomeOf(shard).Shells[shard] is HomeShell { WouldServe: true }));
    }

    public LiveSchedule Live { get; }

    public SimWorld World => Live.World;

    /// <summary>A region that is home of none of them.</summary>
    public SimRegion Bystander => World.Regions.First(region => region != HomeOf(0) && region != HomeOf(World.Config.Shards.Length - 1));

    public SimRegion HomeOf(int shard) => World.Regions[World.IndexOf(World.StateOf(shard).Home.Region)];

    public HomeShell Home(int shard) => Assert.IsType<HomeShell>(HomeOf(shard).Shells[shard]);

    public EntityMove MoveOf(long generation, int from, int to) => new(generation, World.IdOf(from), World.IdOf(to));

    public SimOperation Operation(bool isRead)
    {
        var operation = new SimOperation((ulong)World.Operations.Count, 0, Entity, isRead, ["a"], null);
        World.Operations.Add(operation);
        return operation;
    }

    /// <summary>A request at the home of a shard.</summary>
    public SimAnswer Send(SimOperation operation, EntityPlace place)
    {
        SimAnswer? answered = null;
        HomeOf(place.Shard).Request(operation, place, reply => answered ??= reply.Answer);
        Live.Until(() => answered is not null);
        return answered!.Value;
    }

    /// <summary>A write where the entity is, until it is acknowledged.</summary>
    public SimOperation Write(EntityPlace place)
    {
        var operation = Operation(isRead: false);
        while (Send(operation, place) != SimAnswer.Done)
        {
            Live.For(20);
        }

        return operation;
    }

    /// <summary>A read in a region, without a session.</summary>
    public SimAnswer Read(SimRegion region)
    {
        SimAnswer? answered = null;
        region.ReadInSession(Operation(isRead: true), reply => answered ??= reply.Answer);
        Live.Until(() => answered is not null);
        return answered!.Value;
    }

    /// <summary>Moves the entity, and has the shard of its key say so.</summary>
    public void Move(int target)
    {
        var mover = new SimMover(World, HomeOf(0).Index);
        for (var isThere = false; !isThere;)
        {
            FoundEntity? found = null;
            Wait(done => World.Moves.Find(HomeOf(0).Index, Entity, answer =>
            {
                found = answer;
                done();
            }));
            isThere = found is { IsOpen: false } && found.At.Shard == target;
            Wait(done => mover.Move(Entity, target, done));
        }

        Live.For(300);
    }

    private void Wait(Action<Action> begin)
    {
        var isDone = false;
        begin(() => isDone = true);
        Live.Until(() => isDone);
    }
}
