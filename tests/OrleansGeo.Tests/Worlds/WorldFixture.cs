using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Storage.Memory;
using OrleansGeo.Testing;
using OrleansGeo.Tests.Grains;

namespace OrleansGeo.Tests.Worlds;

/// <summary>One world of three regions with two silos each, for the tests that leave it as they found it.</summary>
public sealed class WorldFixture : IAsyncLifetime
{
    private readonly Dictionary<string, MemoryRegionDisk> _disks = [];

    public GeoTestCluster World { get; private set; } = null!;

    public MemoryRegionDisk DiskOf(string region) => _disks[region];

    public async Task InitializeAsync()
    {
        World = await GeoTestCluster.StartUnlinkedAsync(new()
        {
            CreateStore = region => new MemoryRegionStore(_disks[region.Name] = new()),
            ConfigureSilo = static silo => silo.Services.AddSingleton<CallLog>(),

            // None of these tests is about a lease that ends, and a busy machine is not to end one.
            ConfigureGeo = static geo => geo.Services.Configure<FailoverOptions>(static failover => failover.LeaseDuration = TimeSpan.FromSeconds(12)),
        });
        await World.WhenSettledAsync();
    }

    public async Task DisposeAsync()
    {
        Barriers.OpenAll();
        await World.DisposeAsync();
    }
}

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WorldCollection : ICollectionFixture<WorldFixture>
{
    public const string Name = "world";
}
