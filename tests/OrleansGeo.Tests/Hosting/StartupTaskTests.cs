using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime;
using OrleansGeo.Operations;
using OrleansGeo.Runtime.World;
using OrleansGeo.Tests.Turns;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Hosting;

/// <summary>A silo's startup tasks call geo grains, wherever their homes are, as they call any grain.</summary>
[MostlyWaits]
public sealed class StartupTaskTests
{
    /// <summary>Only bounds a test that fails.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Entities of every region: that is asserted.</summary>
    private static readonly string[] Keys = [.. Enumerable.Range(0, 30).Select(static index => $"startup-{index}")];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Regions_whose_startup_tasks_write_entities_of_every_region_start_together(bool oneBlocksItsThread)
    {
        await using var world = new HostWorld
        {
            Silo = (region, silo) => silo.AddStartupTask((services, _) => oneBlocksItsThread && region == HostWorld.West ? Block(WriteAsync(services, region)) : WriteAsync(services, region)),
        };

        await Task.WhenAll(HostWorld.Names.Select(name => world.StartAsync(name))).WaitAsync(Patience);

        await AssertWrittenAsync(world);
    }

    [Fact]
    public async Task Regions_whose_startup_tasks_write_entities_of_every_region_start_one_after_the_other()
    {
        var begun = HostWorld.Names.ToDictionary(static name => name, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var world = new HostWorld
        {
            Silo = (region, silo) => silo.AddStartupTask((services, _) =>
            {
                begun[region].TrySetResult();
                return WriteAsync(services, region);
            }),
        };

        var starting = new List<Task>();
        foreach (var name in HostWorld.Names)
        {
            // Alone, or without the region that some of its entities are at home in, a task waits for what is to come.
            Assert.DoesNotContain(starting, static start => start.IsCompleted);
            starting.Add(world.StartAsync(name));
            await begun[name].Task.WaitAsync(Patience);
        }

        await Task.WhenAll(starting).WaitAsync(Patience);

        await AssertWrittenAsync(world);
    }

    [Fact]
    public async Task A_lone_region_starts_once_the_call_of_its_startup_task_has_met_its_deadline()
    {
        var codes = new ConcurrentBag<GeoErrorCode>();
        await using var world = new HostWorld
        {
            Silo = (_, silo) => silo.AddStartupTask(async (services, _) =>
            {
                using var session = GeoSession.Begin(new() { Deadline = TimeSpan.FromSeconds(1) });
                await Task.WhenAll(Keys.Select(async key => codes.Add(await CodeOfAsync(services.GetRequiredService<IGrainFactory>().GetGrain<ILedger>(key).Append("alone")))));
            }),
        };

        await world.StartAsync(HostWorld.West).WaitAsync(Patience);

        Assert.Equal(Keys.Length, codes.Count);
        Assert.All(codes, static code => Assert.True(code is GeoErrorCode.HomeUnavailable or GeoErrorCode.DeadlineExceeded, $"{code}"));
    }

    private static Task<int[]> WriteAsync(IServiceProvider services, string region) =>
        Task.WhenAll(Keys.Select(key => services.GetRequiredService<IGrainFactory>().GetGrain<ILedger>(key).Append(region)));

    /// <summary>As a task that is not asynchronous at all.</summary>
    private static Task Block(Task task)
    {
        task.GetAwaiter().GetResult();
        return Task.CompletedTask;
    }

    private static async Task AssertWrittenAsync(HostWorld world)
    {
        var places = world.Service<IGeoWorld>(HostWorld.East);
        var map = places.Topology.Map;
        Assert.Equal(
            HostWorld.Names.Order(),
            Keys.Select(key => map.PreferredHome(map.IndexOf(places.Locate(GrainId.Create("test.ledger", key))!.Value.Shard)).Name).Distinct().Order());
        foreach (var key in Keys)
        {
            Assert.Equal(HostWorld.Names.Length + 1, await world.Grains(HostWorld.East).GetGrain<ILedger>(key).Append("after"));
        }
    }

    private static async Task<GeoErrorCode> CodeOfAsync(Task call)
    {
        try
        {
            await call;
            return GeoErrorCode.None;
        }
        catch (GeoException exception)
        {
            return exception.Code;
        }
    }
}
