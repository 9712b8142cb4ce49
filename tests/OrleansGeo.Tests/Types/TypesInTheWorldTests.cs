using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Types;
using OrleansGeo.Tests.Turns;
using OrleansGeo.Tests.Worlds;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Types;

/// <summary>The choices of a grain type are facts of the world: regions that start with others, alone, with an empty store.</summary>
[MostlyWaits]
[Trait("Check", "Long")]
public sealed class TypesInTheWorldTests
{
    private readonly OtherChoices _choices = new();

    [Fact]
    public async Task A_silo_that_declares_types_otherwise_does_not_start_and_names_all_of_them()
    {
        await using var world = await StartAsync();
        await world.Ledger(East, "ada").Append("1");
        await world[East].StopAsync();
        _choices.Set(East, "test.ledger", GeoGrainProperties.Durability, nameof(Durability.Region));
        _choices.Set(East, "test.note", GeoGrainProperties.HomePolicy, "Some.Other.Policy, Some.Assembly");
        _choices.Set(East, "test.tally", GeoGrainProperties.MultiWriter, "false");
        var refused = await Assert.ThrowsAsync<GeoException>(world[East].StartAsync);
        Assert.Equal(GeoErrorCode.InvalidConfiguration, refused.Code);
        Assert.Contains("'test.ledger' is recorded with Durability.Quorum; this silo says Durability.Region: every entity would look empty.", refused.Message, StringComparison.Ordinal);
        Assert.Contains("'test.note' is recorded with home policy OrleansGeo.ByKeyHash; this silo says home policy Some.Other.Policy", refused.Message, StringComparison.Ordinal);
        Assert.Contains("'test.tally' is recorded with MultiWriter = true", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("test.follower", refused.Message, StringComparison.Ordinal);

        _choices.Clear();
        await world[East].StartAsync();
        await world.World.WhenLinkedAsync();
        await Wait.UntilAsync("it shows what was written", async () => (await world.Ledger(East, "ada").Read()) is ["1"]);
    }

    /// <summary>Where the class is, and in which version, says nothing of where its entities are.</summary>
    [Fact]
    public async Task A_home_policy_is_known_by_the_full_name_of_its_class_alone()
    {
        await using var world = await StartAsync();
        await world[East].StopAsync();
        _choices.Set(East, "test.note", GeoGrainProperties.HomePolicy, "OrleansGeo.ByKeyHash, OrleansGeo.Protocol, Version=9.9.9.9, Culture=neutral, PublicKeyToken=null");
        await world[East].StartAsync();
    }

    /// <summary>Nothing is known of it in its own store: the register says so, and the start still fails.</summary>
    [Fact]
    public async Task A_silo_whose_store_knows_nothing_asks_the_other_regions_before_it_has_started()
    {
        await using var world = await StartAsync();
        await world[East].StopAsync();
        world.Restore(East, new());
        _choices.Set(East, "test.ledger", GeoGrainProperties.Durability, nameof(Durability.Region));
        if (await Record.ExceptionAsync(world[East].StartAsync) is { } refused)
        {
            Assert.Contains("'test.ledger'", Assert.IsType<GeoException>(refused).Message, StringComparison.Ordinal);
        }
        else
        {
            // The start waits two seconds for the register's answer. Where that takes longer, the silo stops as soon as it has it.
            var stopping = world[East].Services.First().GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            await Wait.UntilAsync("it stops", () => Task.FromResult(stopping.IsCancellationRequested));
        }

        // The world's register is as it was.
        Assert.True((await RecordedAsync(world, West)).All.Single(static choices => choices.Type == "test.ledger").Durability == OrleansGeo.Protocol.Sharding.ShardFamily.Quorum);
    }

    [Fact]
    public async Task A_region_that_starts_alone_serves_the_types_that_it_knows()
    {
        await using var world = await StartAsync();
        var key = world.World.KeyIn(East, "test.ledger", "alone");
        await world.Ledger(East, key).Append("1");
        await Wait.UntilAsync("its acknowledgement is stored", async () => (await world.Ledger(East, key).Read()).Length == 1);
        foreach (var name in Names)
        {
            await world[name].StopAsync();
        }

        await world[East].StartAsync();
        await Wait.UntilAsync("it reads", async () => await TryReadAsync(world, key) is { });
    }

    /// <summary>
    /// With an empty store it would answer that entities are empty. It does not; and when it meets the others, which have other choices, it stops.
    /// </summary>
    [Fact]
    public async Task A_region_that_starts_alone_does_not_serve_what_it_does_not_know_and_stops_when_it_learns_that_the_world_has_other_choices()
    {
        await using var world = await StartAsync();
        await world.Ledger(East, "ada").Append("1");
        foreach (var name in Names)
        {
            await world[name].StopAsync();
        }

        world.Restore(East, new());
        _choices.Set(East, "test.ledger", GeoGrainProperties.Durability, nameof(Durability.Region));
        await world[East].StartAsync();
        Assert.Null(await TryReadAsync(world, "ada"));
        using (GeoSession.Begin(new() { Deadline = TimeSpan.FromMinutes(2) }))
        {
            // Its activation is refused, so that nothing can have happened. Once the region surely is cut off, that is said.
            var refused = await Assert.ThrowsAsync<GeoException>(() =>
                world[East].Services.First().GetRequiredService<IGrainFactory>().GetGrain<ILedger>(world.World.KeyIn(East, "test.ledger", "refused")).Append("never"));
            Assert.Equal(GeoErrorCode.RegionIsolated, refused.Error.Code);
            Assert.Contains($"no connection to {West}", refused.Message, StringComparison.Ordinal);
        }

        var stopping = world[East].Services.First().GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        Assert.False(stopping.IsCancellationRequested);

        await world[West].StartAsync();
        await world[Asia].StartAsync();
        await Wait.UntilAsync("it stops", () => Task.FromResult(stopping.IsCancellationRequested));
        Assert.Null(await TryReadAsync(world, "ada"));
    }

    /// <summary>A world of an earlier version has no register of types: the first silo that starts makes it, and a silo that starts again changes nothing.</summary>
    [Fact]
    public async Task Types_are_recorded_once_however_often_silos_start()
    {
        await using var world = await StartAsync();
        await Wait.UntilAsync("every region knows", async () =>
        {
            foreach (var name in Names)
            {
                if ((await RecordedAsync(world, name)).Count == 0)
                {
                    return false;
                }
            }

            return true;
        });
        var before = await AcceptedAsync(world, West);
        await world[East].StopAsync();
        await world[East].StartAsync();
        await world.World.WhenLinkedAsync();
        Assert.Equal(before, await AcceptedAsync(world, West));
    }

    /// <summary>An upgrade from a version that recorded nothing, and at once another choice: the silos that run still say how the entities that exist are found.</summary>
    [Fact]
    public async Task A_type_that_is_not_recorded_yet_is_not_recorded_otherwise_than_the_silos_that_run_declare_it()
    {
        await using var world = await StartAsync();
        await world.Ledger(East, "ada").Append("1");
        await world[East].StopAsync();
        foreach (var name in Names)
        {
            world.DiskOf(name).Forget(RegisterNames.Types);
            world.DiskOf(name).Forget("types/known");
        }

        _choices.Set(East, "test.ledger", GeoGrainProperties.Durability, nameof(Durability.Region));
        if (await Record.ExceptionAsync(world[East].StartAsync) is { } refused)
        {
            Assert.Contains(
                "'test.ledger' is declared there with Durability.Quorum; this silo says Durability.Region: every entity would look empty.", Assert.IsType<GeoException>(refused).Message, StringComparison.Ordinal);
        }
        else
        {
            // The start waits two seconds for the other regions.
            var stopping = world[East].Services.First().GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            await Wait.UntilAsync("it stops", () => Task.FromResult(stopping.IsCancellationRequested));
            await world[East].StopAsync();
        }

        Assert.Equal(0, (await RecordedAsync(world, West)).Count);
        _choices.Clear();
        await world[East].StartAsync();
        await world.World.WhenLinkedAsync();
        await Wait.UntilAsync("it is recorded as it was", async () => (await RecordedAsync(world, West)).All.Any(static choices => choices is { Type: "test.ledger", Durability: OrleansGeo.Protocol.Sharding.ShardFamily.Quorum }));
        Assert.Equal(["1"], await world.Ledger(East, "ada").Read());
    }

    private Task<BreakableWorld> StartAsync() => BreakableWorld.StartAsync(configureSilo: _choices.AddTo);

    private static async Task<RecordedTypes> RecordedAsync(BreakableWorld world, string region) =>
        RecordedTypesCodec.Decode((await world[region].Store.TakeAsync(RegisterNames.Types, new RegisterMessage.Read())).State.Value);

    private static async Task<Ballot> AcceptedAsync(BreakableWorld world, string region) =>
        (await world[region].Store.TakeAsync(RegisterNames.Types, new RegisterMessage.Read())).State.Accepted;

    private static async Task<string[]?> TryReadAsync(BreakableWorld world, string key)
    {
        try
        {
            using var local = GeoSession.Begin(new() { Consistency = ReadConsistency.Local, Deadline = TimeSpan.FromSeconds(3) });
            return await world.Ledger(East, key).Read();
        }
        catch (Exception exception) when (exception is GeoException or OrleansException)
        {
            return null;
        }
    }
}
