using System.Text;
using Orleans.Runtime;
using OrleansGeo.Api.Documents;
using OrleansGeo.Tests.Turns;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Worlds;

/// <summary>
/// A repeated write is answered with the version that it left itself, however the entity has been moved, handed over, promoted and written since: a
/// condition on what it is told must not hold of what its caller never saw.
/// </summary>
[MostlyWaits]
public sealed class ReplayedVersionTests
{
    [Fact]
    public async Task It_is_the_requests_own_after_pins_to_other_regions_and_back()
    {
        await using var world = await StartAsync();
        var key = world.World.KeyIn(West, Document.Type, "notes/pinned");
        var tags = new Dictionary<string, string>();
        await PutAsync("before-1");
        await PutAsync("before-2");
        foreach (var region in new[] { East, Asia, East })
        {
            await world.Admin(West).PinAsync(Id(key), new(region));
            await ExpectAsync();
            await PutAsync($"in-{region}-{tags.Count}");
        }

        await world.Admin(Asia).UnpinAsync(Id(key));
        await PutAsync("back");
        await ExpectAsync();

        // The same home, of another generation.
        await world.Admin(East).PinAsync(Id(key), new(East));
        await ExpectAsync();

        Task PutAsync(string request) => PutOnceAsync(world, West, key, request, tags);
        Task ExpectAsync() => ExpectOwnAsync(world, key, tags);
    }

    [Fact]
    public async Task It_is_the_requests_own_after_a_hand_over_and_after_a_failover()
    {
        await using var world = await StartAsync();
        var moved = world.World.KeyIn(West, Document.Type, "notes/moved");
        var stays = world.World.KeyIn(East, Document.Type, "notes/stays");
        Dictionary<string, string> ofMoved = [], ofStays = [];
        await PutOnceAsync(world, West, moved, "moved-1", ofMoved);
        await PutOnceAsync(world, Asia, stays, "stays-1", ofStays);
        await world.Admin(West).PinAsync(Id(moved), new(East));
        await PutOnceAsync(world, West, moved, "moved-2", ofMoved);
        await PutOnceAsync(world, Asia, stays, "stays-2", ofStays);

        await world.DrainAsync(West, East);
        await world.WhenHomesAsync(West, East, static homes => homes == 0);
        await ExpectOwnAsync(world, moved, ofMoved);
        await ExpectOwnAsync(world, stays, ofStays);

        await world.Admin(West).RestoreAsync(new(East));
        await world.WhenHomesAsync(West, East, homes => homes == world.PreferredHomesOf(East));
        await PutOnceAsync(world, West, moved, "moved-3", ofMoved);
        world.DiskOf(East).Crash();
        await world[East].StopAsync();
        await ExpectOwnAsync(world, moved, ofMoved);
        await ExpectOwnAsync(world, stays, ofStays);
    }

    private static GrainId Id(string key) => GrainId.Create(Document.Type, key);

    /// <summary>Makes a request for the first time, and notes the tag that its caller is given.</summary>
    private static async Task PutOnceAsync(BreakableWorld world, string region, string key, string request, Dictionary<string, string> tags)
    {
        using var session = Begin(request);
        await PutAsync(world, region, key, request);
        tags.Add(request, session.Last!.Value.Tag);
        Assert.Equal(tags.Count, tags.Values.Distinct().Count());
    }

    /// <summary>Every request that was made, repeated through every region that runs, is told what it was told first, and a condition on all but the last one's fails.</summary>
    private static async Task ExpectOwnAsync(BreakableWorld world, string key, Dictionary<string, string> tags)
    {
        foreach (var region in Names.Where(name => world[name].IsRunning))
        {
            foreach (var (request, tag) in tags)
            {
                using (var session = Begin(request))
                {
                    await PutAsync(world, region, key, request);
                    Assert.Equal($"{request} left {tag}", $"{request} left {session.Last!.Value.Tag}");
                }

                if (request != tags.Keys.Last())
                {
                    using var another = Begin(null);
                    var refused = await world[region].Grains.GetGrain<IDocument>(key).Put("\"never\""u8.ToArray(), new(DocumentVersions.Of([tag]), null));
                    Assert.Equal(DocumentStatus.Conflict, refused.Status);
                }
            }
        }

        using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong, Deadline = TimeSpan.FromSeconds(25) });
        var document = await world[Names.First(name => world[name].IsRunning)].Grains.GetGrain<IDocument>(key).Get();
        Assert.Equal($"\"{tags.Keys.Last()}\"", Encoding.UTF8.GetString(document.Json!));
    }

    private static GeoSession Begin(string? request) => GeoSession.Begin(new() { RequestKey = request, Consistency = ReadConsistency.Session, Deadline = TimeSpan.FromSeconds(25) });

    private static async Task PutAsync(BreakableWorld world, string region, string key, string request) =>
        await world[region].Grains.GetGrain<IDocument>(key).Put(Encoding.UTF8.GetBytes($"\"{request}\""), new(null, null));
}
