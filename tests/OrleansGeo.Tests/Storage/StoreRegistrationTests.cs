using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Storage;
using OrleansGeo.Storage.Conformance;
using OrleansGeo.Storage.Memory;
using OrleansGeo.Storage.Sqlite;
using static OrleansGeo.Storage.Conformance.StoreSamples;

namespace OrleansGeo.Tests.Storage;

public sealed class StoreRegistrationTests
{
    [Fact]
    public async Task UseSqlite_registers_a_store_that_the_container_closes()
    {
        using var folder = new TempFolder();
        for (var start = 1; start <= 2; start++)
        {
            var services = new ServiceCollection();
            new GeoBuilder(services).UseMemory().UseSqlite(folder.File("westeurope.db"));
            await using var provider = services.BuildServiceProvider();
            var store = Assert.IsType<SqliteRegionStore>(Assert.Single(provider.GetServices<IRegionStore>()));
            await store.OpenAsync(ThisWorld);
            Assert.Equal(start == 1 ? LogPosition.Zero : At(3), (await store.ReadHeadAsync(Shard)).Last);
            if (start == 1)
            {
                await store.FillAsync(Shard, epoch: 1, 1, 3);
            }
        }
    }

    [Fact]
    public async Task UseMemory_keeps_its_content_on_the_disk_that_it_is_given()
    {
        var disk = new MemoryRegionDisk();
        for (var start = 1; start <= 2; start++)
        {
            var services = new ServiceCollection();
            new GeoBuilder(services).UseMemory(disk);
            await using var provider = services.BuildServiceProvider();
            var store = provider.GetRequiredService<IRegionStore>();
            await store.OpenAsync(ThisWorld);
            await store.FillAsync(Shard, epoch: 1, start, start);
        }
    }
}
