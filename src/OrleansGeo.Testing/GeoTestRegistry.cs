using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Orleans.TestingHost;

namespace OrleansGeo.Testing;

/// <summary>Test clusters create their configurators by type: this is where those find the region that they configure.</summary>
internal static class GeoTestRegistry
{
    public const string Key = "OrleansGeoTestRegion";

    private static readonly ConcurrentDictionary<string, GeoTestRegion> Regions = new();

    public static string Add(GeoTestRegion region)
    {
        var key = Guid.NewGuid().ToString("N");
        Regions[key] = region;
        return key;
    }

    internal sealed class Silo : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder) => Regions[siloBuilder.Configuration[Key]!].ConfigureSilo(siloBuilder);
    }

    internal sealed class Client : IClientBuilderConfigurator
    {
        public void Configure(IConfiguration configuration, IClientBuilder clientBuilder) =>
            Regions[configuration[Key]!].ConfigureClient(clientBuilder);
    }
}
