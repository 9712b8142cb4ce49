using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Messaging;
using Orleans.Runtime;
using OrleansGeo.Storage.AzureTables.Membership;
using OrleansGeo.Tests.StoreCrash;
using OrleansGeo.Tests.Turns;
using OrleansGeo.Tests.World.Azurite;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Storage.AzureTables.Membership;

/// <summary>Real silos and a real client over TCP, which know each other by the table alone.</summary>
[MostlyWaits]
public sealed class MembershipClusterTests(TestAzurite azurite) : IClassFixture<TestAzurite>
{
    private readonly string _cluster = $"cluster-{Guid.NewGuid():N}";

    [AzuriteFact]
    public async Task Two_silos_find_each_other_a_client_finds_them_and_one_that_leaves_says_so()
    {
        var ports = FreePorts(4);
        using var first = MembershipSilo.Build(azurite.ConnectionString, _cluster, ports[0], ports[1]);
        using var second = MembershipSilo.Build(azurite.ConnectionString, _cluster, ports[2], ports[3]);
        await Task.WhenAll(first.StartAsync(), second.StartAsync());
        using var client = await ConnectedAsync();
        await UntilActiveAsync(client, 2);
        var gateways = client.Services.GetRequiredService<IGatewayListProvider>();
        Assert.Equal([ports[1], ports[3]], (await gateways.GetGateways()).Select(static uri => uri.Port).Order());

        var leaving = AddressOf(second);
        await second.StopAsync();
        var left = await RowAsync(ports[2]);
        Assert.Equal("Dead", left["Status"]);
        Assert.Equal([leaving], SuspectingSilos(left));
        Assert.Equal([ports[1]], (await gateways.GetGateways()).Select(static uri => uri.Port));
        await UntilActiveAsync(client, 1);
        await StopAllAsync(client, first);
    }

    [AzuriteFact]
    public async Task A_killed_silo_is_declared_dead_by_the_other_and_another_takes_its_place()
    {
        var ports = FreePorts(4);
        using var survivor = MembershipSilo.Build(azurite.ConnectionString, _cluster, ports[0], ports[1]);
        await survivor.StartAsync();
        using var killed = new CrashProcess("silo", azurite.ConnectionString, _cluster, Text(ports[2]), Text(ports[3]));
        Assert.Equal("active", await killed.ReadLineAsync());
        using var client = await ConnectedAsync();
        await UntilActiveAsync(client, 2);

        killed.Kill();
        await Wait.UntilAsync("the killed silo is declared dead", async () => (await RowAsync(ports[2]))["Status"] is "Dead");
        Assert.Equal([AddressOf(survivor)], SuspectingSilos(await RowAsync(ports[2])));
        await UntilActiveAsync(client, 1);

        // On the same ports: another generation, another row.
        using var next = MembershipSilo.Build(azurite.ConnectionString, _cluster, ports[2], ports[3]);
        await next.StartAsync();
        await UntilActiveAsync(client, 2);
        Assert.Equal([ports[1], ports[3]], (await client.Services.GetRequiredService<IGatewayListProvider>().GetGateways()).Select(static uri => uri.Port).Order());
        await StopAllAsync(client, next, survivor);
    }

    private static string AddressOf(IHost silo) => silo.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString();

    /// <summary>Who declared the silo dead; a silo that leaves does so itself. Orleans may note a vote twice.</summary>
    private static IEnumerable<string> SuspectingSilos(TableEntity row) => row.GetString("SuspectingSilos").Split('|').Distinct();

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private static async Task StopAllAsync(params IHost[] hosts)
    {
        foreach (var host in hosts)
        {
            await host.StopAsync();
        }
    }

    private static int[] FreePorts(int count)
    {
        // All held at once, so that they differ from each other.
        var listeners = Enumerable.Range(0, count).Select(static _ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        Array.ForEach(listeners, static listener => listener.Start());
        var ports = listeners.Select(static listener => ((IPEndPoint)listener.LocalEndpoint).Port).Order().ToArray();
        Array.ForEach(listeners, static listener => listener.Dispose());
        return ports;
    }

    /// <summary>Until the cluster itself, asked through a gateway, counts so many active silos.</summary>
    private static Task UntilActiveAsync(IHost client, int silos) => Wait.UntilAsync($"{silos} silos are active", async () =>
    {
        try
        {
            return (await client.Services.GetRequiredService<IClusterClient>().GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Count == silos;
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            // The call went to the silo that died.
            return false;
        }
    });

    private async Task<IHost> ConnectedAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(orleans => orleans
            .UseAzureTablesMembership(table => table.ConnectionString = azurite.ConnectionString)
            .Configure<ClusterOptions>(options => options.ClusterId = _cluster)
            .Configure<GatewayOptions>(static options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1))
            .Configure<ClientMessagingOptions>(static options => options.ResponseTimeout = TimeSpan.FromSeconds(5)));
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>The only row of the silo on this port.</summary>
    private async Task<TableEntity> RowAsync(int port)
    {
        var rows = new List<TableEntity>();
        await foreach (var row in new TableClient(azurite.ConnectionString, "OrleansSiloInstances").QueryAsync<TableEntity>($"PartitionKey eq '{_cluster}' and Port eq '{port}'"))
        {
            rows.Add(row);
        }

        return Assert.Single(rows);
    }
}
