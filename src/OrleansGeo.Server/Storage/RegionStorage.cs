using System.Net;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Server.Configuration;
using OrleansGeo.Storage.Sqlite;

namespace OrleansGeo.Server.Storage;

/// <summary>Connects the server to the stores and memberships that there are: the one place that knows them.</summary>
internal static class RegionStorage
{
    /// <exception cref="ConfigurationException">No such store is in this build.</exception>
    public static void UseStore(GeoBuilder geo, StorageOptions storage) => geo.UseSqlite(
        storage.Sqlite.Path ?? throw new ConfigurationException(["Geo:Storage:AzureTables: this build has no such store: use Geo:Storage:Sqlite:Path."]));

    /// <summary>The region's only silo: it keeps the membership in memory, and is its own primary.</summary>
    public static void UseMembership(ISiloBuilder silo, ServerOptions options) =>
        silo.UseDevelopmentClustering(new IPEndPoint(IPAddress.Parse(options.Silo.Address), options.Silo.Port));
}
