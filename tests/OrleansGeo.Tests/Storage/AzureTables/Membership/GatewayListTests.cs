using Orleans.Runtime;
using OrleansGeo.Storage.AzureTables.Membership;
using OrleansGeo.Storage.Conformance;
using OrleansGeo.Tests.World.Azurite;
using static OrleansGeo.Tests.Storage.AzureTables.Membership.TestCluster;

namespace OrleansGeo.Tests.Storage.AzureTables.Membership;

[Collection(MembershipCollection.Name)]
public sealed class GatewayListTests(TestAzurite azurite)
{
    [AzuriteFact]
    public async Task Gateways_are_the_active_silos_that_take_clients()
    {
        var cluster = await NewAsync(azurite);
        var other = await NewAsync(azurite);
        var without = Entry(2);
        without.ProxyPort = 0;
        await cluster.FillAsync([Entry(1), without, Entry(3, SiloStatus.Dead), Entry(4, SiloStatus.Joining), Entry(5, SiloStatus.ShuttingDown), Entry(6)]);
        await other.FillAsync([Entry(7)]);
        var client = cluster.Client();
        await client.InitializeGatewayListProvider();
        Assert.Equal(["gwy.tcp://10.0.0.2:30000/7", "gwy.tcp://10.0.0.7:30000/7"], (await client.GetGateways()).Select(static uri => uri.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(TimeSpan.FromSeconds(7), client.MaxStaleness);
    }

    [AzuriteFact]
    public async Task A_client_that_is_there_before_the_table_knows_of_no_gateway_and_creates_nothing()
    {
        var cluster = new TestCluster(azurite, "NotYet");
        Assert.Empty(await cluster.Client().GetGateways());
        Assert.Empty(await cluster.Client().GetGateways());
        await cluster.Silo().InitializeMembershipTableAsync(true);
        await cluster.FillAsync([Entry(1)]);
        Assert.Single(await cluster.Client().GetGateways());
    }

    [AzuriteFact]
    public async Task A_malformed_gateway_is_reported()
    {
        var cluster = await NewAsync(azurite);
        await cluster.FillAsync([Entry(1)]);
        var row = await cluster.RowAsync("10.0.0.2-11111-7");
        row["ProxyPort"] = "thirty";
        await cluster.Rows.UpdateEntityAsync(row, row.ETag);
        var error = await Assert.ThrowsAsync<MembershipTableException>(() => cluster.Client().GetGateways());
        Assert.Contains("ProxyPort 'thirty' is not a number", error.Message, StringComparison.Ordinal);
    }
}
