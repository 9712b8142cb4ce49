using OrleansGeo.Abstractions.Sessions;
using OrleansGeo.Runtime.Links.Wan;
using OrleansGeo.Storage.Sqlite;
using OrleansGeo.TestingHost;

namespace OrleansGeo.Tests.Worlds;

public sealed class WorldTests
{
    [Fact]
    public async Task A_write_in_any_region_is_readable_in_all()
    {
        var folder = Directory.CreateTempSubdirectory("orleansgeo-");
        await using var world = await GeoTestCluster.StartAsync(new()
        {
            Wan = WanMatrix.Off,
            CreateStore = region => new SqliteRegionStore(new() { Path = Path.Combine(folder.FullName, $"{region}.db") }, null),
        });
        await world.WhenLinkedAsync();
        for (var i = 0; i < 8; i++)
        {
            foreach (var region in world.Regions)
            {
                using var session = GeoSession.Begin(new());
                var count = await region.Grains.GetGrain<ICart>($"cart-{i}").Add("book", 1);
                Assert.True(session.Last!.Value.ServedByHome);
                Assert.Equal(Array.IndexOf([.. world.Options.Regions], region.Region.Name) + 1, count);
            }
        }

        foreach (var region in world.Regions)
        {
            for (var i = 0; i < 8; i++)
            {
                using var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
                Assert.Equal(3, await region.Grains.GetGrain<ICart>($"cart-{i}").Count("book"));
            }
        }
    }
}
