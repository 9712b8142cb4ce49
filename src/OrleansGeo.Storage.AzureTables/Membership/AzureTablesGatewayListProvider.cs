using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;
using Orleans.Runtime;

namespace OrleansGeo.Storage.AzureTables.Membership;

/// <summary>The gateways of a cluster: its active silos that take clients, read from its membership table whenever Orleans asks.</summary>
internal sealed class AzureTablesGatewayListProvider(
    IOptions<AzureTablesMembershipOptions> options, IOptions<ClusterOptions> cluster, IOptions<GatewayOptions> gateways) : IGatewayListProvider
{
    private readonly SiloInstanceTable _table = new(options.Value);
    private readonly string _cluster = cluster.Value.ClusterId;

    public TimeSpan MaxStaleness => gateways.Value.GatewayListRefreshPeriod;

    [Obsolete("Orleans does not ask any more.")]
    public bool IsUpdatable => true;

    /// <remarks>Nothing to prepare: a client creates no table.</remarks>
    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    public Task<IList<Uri>> GetGateways() => GetGatewaysAsync();

    public async Task<IList<Uri>> GetGatewaysAsync(CancellationToken cancellationToken = default)
    {
        var rows = await ReadAsync(cancellationToken);
        return [.. rows.Select(row => SiloRow.Read(row, _table.Name)).Where(static silo => silo.ProxyPort > 0).Select(GatewayOf)];
    }

    private static Uri GatewayOf(Orleans.MembershipEntry silo) => SiloAddress.New(silo.SiloAddress.Endpoint.Address, silo.ProxyPort, silo.SiloAddress.Generation).ToGatewayUri();

    private async Task<List<TableEntity>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _table.QueryAsync(
                $"{SiloInstanceTable.InPartition(_cluster)} and {SiloRow.Status} eq '{SiloStatus.Active}' and {SiloRow.ProxyPort} ne '0'", cancellationToken);
        }
        catch (MembershipTableException exception) when (exception.InnerException is RequestFailedException missing && TableErrors.IsMissingTable(missing))
        {
            // The client started before the cluster's first silo.
            return [];
        }
    }
}
