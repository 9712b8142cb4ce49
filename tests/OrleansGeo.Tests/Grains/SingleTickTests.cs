using OrleansGeo.Tests.Turns;
using OrleansGeo.Tests.Worlds;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Grains;

/// <summary>A timer that ticks once, and is due where or when the entity cannot be served, is not forgotten by the object that set it.</summary>
/// <remarks>Regions of one silo: on another one, as in Orleans, another activation takes its place.</remarks>
[MostlyWaits]
public sealed class SingleTickTests
{
    private const string Alarm = "test.alarm";

    [Fact]
    public async Task One_that_falls_due_on_a_replica_comes_when_the_entity_comes()
    {
        await using var world = await StartAsync();
        var key = world.World.KeyIn(East, Alarm, "comes");
        Barriers.Of("alarm comes").Open();
        string[] names = ["new", "old"];
        foreach (var name in names)
        {
            await Wait.ForAsync("a timer is set on a replica", Alarms(world, key).SetInRead(name, isOld: name == "old", "alarm comes"));
        }

        await world.World.PinAsync(Alarm, key, West);
        foreach (var name in names)
        {
            await Wait.UntilAsync($"the {name} one has ticked", () => Task.FromResult(TicksOf(world, key, name) > 0));
            Assert.Equal(1, TicksOf(world, key, name));
        }
    }

    [Fact]
    public async Task One_that_falls_due_while_the_entity_is_away_comes_when_it_is_back()
    {
        await using var world = await StartAsync();
        var key = world.World.KeyIn(West, Alarm, "back");
        var setting = Alarms(world, key).SetInRead("new", isOld: false, "alarm back");
        await Wait.ForAsync("a timer is set at the home", Barriers.Of("alarm back").Reached);

        // The tick waits behind the request.
        await world.World.PinAsync(Alarm, key, East);
        Barriers.Of("alarm back").Open();
        await Wait.ForAsync("the request is answered", setting);
        await Wait.ForAsync("another one is, behind the tick", Alarms(world, key).Wake());
        Assert.Equal(0, TicksOf(world, key, "new"));
        await world.World.PinAsync(Alarm, key, West);
        await Wait.UntilAsync("it has ticked", () => Task.FromResult(TicksOf(world, key, "new") > 0));
        Assert.Equal(1, TicksOf(world, key, "new"));
    }

    private static IAlarm Alarms(BreakableWorld world, string key) => world[West].Grains.GetGrain<IAlarm>(key);

    private static int TicksOf(BreakableWorld world, string key, string name) => world.World.Told($"{key} {name} {West}");
}
