using System.Net;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Server.Configuration;
using OrleansGeo.Storage.AzureTables;
using OrleansGeo.Storage.AzureTables.Accounts;
using OrleansGeo.Storage.AzureTables.Membership;
using OrleansGeo.Storage.Sqlite;

namespace OrleansGeo.Server.Storage;

/// <summary>Connects the server to the stores and memberships that there are: the one place that knows them.</summary>
internal static class RegionStorage
{
    public static void UseStore(GeoBuilder geo, StorageOptions storage)
    {
        if (storage.Sqlite.Path is { } path)
        {
            geo.UseSqlite(store => (store.Path, store.EvidenceFolder) = (path, storage.Sqlite.EvidenceFolder ?? store.EvidenceFolder));
        }
        else
        {
            geo.UseAzureTables(store => Describe(store, storage.AzureTables));
        }
    }

    public static void UseMembership(ISiloBuilder silo, ServerOptions options)
    {
        if (options.Membership.AzureTables.IsConfigured)
        {
            silo.UseAzureTablesMembership(membership =>
            {
                Describe(membership, options.Membership.AzureTables);
                membership.TableName = options.Membership.TableName;
            });
        }
        else
        {
            // The region's only silo: it keeps the membership in memory, and is its own primary.
            silo.UseDevelopmentClustering(new IPEndPoint(IPAddress.Parse(options.Silo.Address), options.Silo.Port));
        }
    }

    private static void Describe(TableAccountOptions account, TablesOptions options) => (account.ServiceUri, account.ConnectionString) = (options.ServiceUri, options.ConnectionString);
}
