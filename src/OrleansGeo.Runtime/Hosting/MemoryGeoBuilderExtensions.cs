using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Storage.Memory;

namespace Orleans.Hosting;

/// <summary>Picks memory as the region's store.</summary>
public static class MemoryGeoBuilderExtensions
{
    /// <summary>Keeps the region's store on <paramref name="disk"/>, or on a new one that ends with the process. For tests and simulation.</summary>
    public static GeoBuilder UseMemory(this GeoBuilder builder, MemoryRegionDisk? disk = null)
    {
        disk ??= new();
        return builder.UseStore(services => new MemoryRegionStore(disk, services.GetService<TimeProvider>()));
    }
}
