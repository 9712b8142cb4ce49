using System.Net;
using System.Net.Http.Json;
using OrleansGeo.Api.Geo;
using OrleansGeo.Runtime.Shards.Moves;
using OrleansGeo.Tests.Api;
using OrleansGeo.Tests.World.Processes;
using OrleansGeo.World.Processes;
using Xunit.Abstractions;

namespace OrleansGeo.Tests.World.Moves;

/// <summary>A document moves from a second region to a third, and the process that makes a step of the move is killed right there: on a majority is what it did, and nobody was told.</summary>
[Collection(AloneCollection.Name)]
[Trait("Check", "Long")]
public sealed class MoveCrashTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Some = 12;

    private readonly TempFolder _temp = new();
    private WorldProgram _world = null!;
    private HttpClient[] _regions = [];
    private string[] _names = [];
    private string _homes = "";

    private string ReadyFilePath => _temp.File("ready.json");

    public async Task InitializeAsync()
    {
        _world = WorldProgram.Start(
            _temp.File("state"), "--regions", WorldProgram.FreeRegions(), "--data", _temp.File("data"), "--ready-file", ReadyFilePath, "--wan", "off");
        await _world.WaitForOutputAsync("3 of 3 regions up");
        var ready = ReadyFile.Read(ReadyFilePath);
        _names = [.. ready.Select(static region => region.Region)];
        _regions = [.. ready.Select(static region => new HttpClient { BaseAddress = new(region.Url) })];
        _homes = Homes((await _regions[0].GetFromJsonAsync<TopologyView>("/v1/geo/topology"))!);
    }

    public async Task DisposeAsync()
    {
        foreach (var region in _regions)
        {
            region.Dispose();
        }

        await _world.DisposeAsync();
        _temp.Dispose();
    }

    [Fact]
    public async Task A_move_goes_on_when_the_process_that_makes_a_step_of_it_is_killed_at_that_step()
    {
        // The document belongs to the first region, is pinned to the second and goes to the third: each step is made in another process.
        await StopsAtAsync(MoveStep.Left, dies: 1);
        await StopsAtAsync(MoveStep.Arrived, dies: 2);
        await StopsAtAsync(MoveStep.Pointed, dies: 0);
    }

    private async Task StopsAtAsync(MoveStep step, int dies)
    {
        var started = TimeProvider.System.GetTimestamp();
        var document = await CreateAsync($"{step}");
        await document.WriteAsync(_regions, Some);
        await PinAsync(document, through: 2, to: 1);
        await document.WriteAsync(_regions, Some);
        HttpClient[] others = [.. _regions.Where((_, region) => region != dies)];
        using (var armed = await _regions[dies].Send(HttpMethod.Post, "/dev/moves", $$"""{"killAt":"{{step}}"}""", []))
        {
            Assert.Equal(HttpStatusCode.OK, armed.StatusCode);
        }

        using var stop = new CancellationTokenSource();
        var writing = document.WriteUntilAsync(others, stop.Token);
        var pinning = others[0].Put(document.Home, Region(2));
        await _world.WaitForOutputAsync($"{_names[dies]} is down (killed)");
        var atDeath = document.Count;
        await Worlds.Wait.UntilAsync("writes go on without it", () => Task.FromResult(writing.IsFaulted || document.Count >= atDeath + Some));
        output.WriteLine($"{step}: {_names[dies]} was killed after write {atDeath}; {document.Count} writes after {Seconds(started)}");
        using (var pinned = await pinning)
        {
            output.WriteLine($"{step}: the pin was answered {pinned.StatusCode} after {Seconds(started)}");
            Assert.True(pinned.IsSuccessStatusCode || pinned.StatusCode == HttpStatusCode.GatewayTimeout, await pinned.Content.ReadAsStringAsync());
        }

        await document.RepeatAsync(others[1], 1, Some, Some + 1, atDeath);
        await RestartAsync(dies);
        await stop.CancelAsync();
        await writing;
        await document.WriteAsync(_regions, Some);
        await PinAsync(document, through: dies, to: 2);
        await ShowAllAsync(document, home: 2, isPinned: true);
        output.WriteLine($"{step}: {document.Count} writes and a whole world after {Seconds(started)}");

        using (var unpinned = await _regions[dies].Delete(document.Home))
        {
            Assert.Equal(HttpStatusCode.OK, unpinned.StatusCode);
        }

        await document.WriteAsync(_regions, Some);
        await document.RepeatAsync(_regions[dies], 1, Some, Some + 1, atDeath, atDeath + 1, document.Count);
        await ShowAllAsync(document, home: 0, isPinned: false);
        output.WriteLine($"{step}: done after {Seconds(started)}");
    }

    /// <summary>A document that belongs to the first region.</summary>
    private async Task<NumberedDocument> CreateAsync(string name)
    {
        for (var i = 0; ; i++)
        {
            var document = new NumberedDocument($"{name}-{i}");
            if ((await _regions[0].GetFromJsonAsync<HomeView>(document.Home))!.Home == _names[0])
            {
                return document;
            }
        }
    }

    private async Task PinAsync(NumberedDocument document, int through, int to)
    {
        using var pinned = await _regions[through].Put(document.Home, Region(to));
        Assert.True(pinned.IsSuccessStatusCode, await pinned.Content.ReadAsStringAsync());
        Assert.Equal((_names[to], true), await HomeAsync(document, through));
    }

    private string Region(int region) => $$"""{"region":"{{_names[region]}}"}""";

    private async Task RestartAsync(int region)
    {
        await using var start = WorldProgram.Start(_temp.File("state"), "start", _names[region], "--world", ReadyFilePath);
        Assert.True(await start.WaitForExitAsync() == 0, start.Errors);
        using var restored = await _regions[region].Send(HttpMethod.Post, $"/v1/geo/regions/{_names[region]}/restore", null, []);
        Assert.True(restored.IsSuccessStatusCode, await restored.Content.ReadAsStringAsync());
        foreach (var through in _regions)
        {
            await Worlds.Wait.UntilAsync($"{_names[region]} has its homes back", async () =>
            {
                var topology = (await through.GetFromJsonAsync<TopologyView>("/v1/geo/topology"))!;
                return topology.Regions.All(static seen => seen is { State: "up", Lease: "held" })
                    && topology.Shards.All(static shard => shard.Reserved is null) && Homes(topology) == _homes;
            });
        }
    }

    /// <summary>Every region has the newest, and says where it is.</summary>
    private async Task ShowAllAsync(NumberedDocument document, int home, bool isPinned)
    {
        var newest = await document.ReadAsync(_regions[0], "strong");
        Assert.StartsWith(document.Newest, newest, StringComparison.Ordinal);
        for (var region = 0; region < _regions.Length; region++)
        {
            var through = region;
            Assert.Equal(newest, await document.ReadAsync(_regions[region], "strong"));
            await Worlds.Wait.UntilAsync($"{_names[region]} shows the newest", async () => await document.ReadAsync(_regions[through], "local") == newest);
            await Worlds.Wait.UntilAsync($"{_names[region]} says where it is", async () => await HomeAsync(document, through) == (_names[home], isPinned));
            await Worlds.Wait.UntilAsync($"{_names[region]} lists it, or not", async () => await IsListedAsync(document, through, home) == isPinned);
        }

        await document.WriteIfUnchangedAsync(_regions[1]);
    }

    private async Task<(string Home, bool IsPinned)> HomeAsync(NumberedDocument document, int through)
    {
        var view = (await _regions[through].GetFromJsonAsync<HomeView>(document.Home))!;
        return (view.Home, view.Pinned);
    }

    private async Task<bool> IsListedAsync(NumberedDocument document, int through, int home)
    {
        var entity = (await _regions[through].GetFromJsonAsync<HomeView>(document.Home))!.Entity;
        return (await _regions[through].GetFromJsonAsync<PinsView>("/v1/geo/pins"))!.Pins.Any(pin => pin.Entity == entity && pin.Region == _names[home]);
    }

    private static string Homes(TopologyView topology) => string.Join(' ', topology.Shards.Select(static shard => shard.Home));

    private static string Seconds(long started) => $"{TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s";
}
