using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Storage.Sqlite;

namespace Orleans.Hosting;

/// <summary>Picks SQLite as the region's store.</summary>
public static class SqliteGeoBuilderExtensions
{
    /// <summary>Keeps the region's store in the file <paramref name="path"/>, which is created with its folder. For regions of one silo.</summary>
    public static GeoBuilder UseSqlite(this GeoBuilder builder, string path) => builder.UseSqlite(options => options.Path = path);

    /// <inheritdoc cref="UseSqlite(GeoBuilder, string)"/>
    public static GeoBuilder UseSqlite(this GeoBuilder builder, Action<SqliteStoreOptions> configure)
    {
        var options = new SqliteStoreOptions();
        configure(options);
        return builder.UseStore(services => new SqliteRegionStore(options, services.GetService<ILogger<SqliteRegionStore>>()));
    }
}
