using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Storage.AzureTables;
using OrleansGeo.Storage.AzureTables.Stores;

namespace Orleans.Hosting;

/// <summary>Picks Azure Tables as the region's store.</summary>
public static class AzureTablesGeoBuilderExtensions
{
    /// <summary>Keeps the region's store in a table that every silo of the region uses. For regions of one silo and of many.</summary>
    /// <exception cref="ArgumentException">The options are wrong: the message lists every problem. Thrown when the silo makes the store.</exception>
    public static GeoBuilder UseAzureTables(this GeoBuilder builder, Action<AzureTablesStoreOptions> configure)
    {
        var options = new AzureTablesStoreOptions();
        configure(options);
        return builder.UseStore(services => new AzureTablesRegionStore(
            options, services.GetService<TimeProvider>(), services.GetService<ILogger<AzureTablesRegionStore>>()));
    }
}
