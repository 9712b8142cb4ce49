using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Hosting;

namespace OrleansGeo.Tests.Checks;

/// <summary>What a host must have chosen. Each is refused by the host's start, as one exception.</summary>
public sealed class StartTests
{
    [Fact]
    public Task A_region_without_a_store_is_told_how_to_choose_one() =>
        RefusedAsync(static _ => { }, CheckedHost.Region, "has no store", "geo.UseSqlite(path)");

    [Fact]
    public Task A_cluster_of_another_name_than_its_regions_is_refused() =>
        RefusedAsync(static geo => geo.UseMemory(), "other", "ClusterId is \"other\"", "set it to \"alone\"");

    [Fact]
    public void Ports_in_use_are_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var host = CheckedHost.Build(
            geo => geo.UseMemory().Services.Configure<EndpointOptions>(endpoints => (endpoints.SiloPort, endpoints.GatewayPort) = (port, port)), CheckedHost.Region);
        Assert.Collection(
            CheckedHost.Problems(host),
            silo => Assert.Contains($"Port 127.0.0.1:{port}, by which this silo would talk to its cluster", silo, StringComparison.Ordinal),
            gateway => Assert.Contains($"Port 127.0.0.1:{port}, by which clients and other regions", gateway, StringComparison.Ordinal));
        taken.Stop();
        using var later = CheckedHost.Build(geo => geo.UseMemory().Services.Configure<EndpointOptions>(endpoints => endpoints.SiloPort = port), CheckedHost.Region);
        Assert.Empty(CheckedHost.Problems(later));
    }

    [Theory]
    [InlineData("dev")]
    [InlineData("default")]
    [InlineData(CheckedHost.Region)]
    public void A_cluster_that_the_host_does_not_name_is_called_as_its_region(string cluster)
    {
        using var host = CheckedHost.Build(static geo => geo.UseMemory(), cluster);
        Assert.Empty(CheckedHost.Problems(host));
        Assert.Equal(CheckedHost.Region, host.Services.GetRequiredService<IOptions<ClusterOptions>>().Value.ClusterId);
    }

    [Fact]
    public void A_world_of_which_nothing_is_said_is_this_region_alone()
    {
        using var host = CheckedHost.Build(static geo => geo.UseMemory(), CheckedHost.Region);
        Assert.Equal([CheckedHost.Region], host.Services.GetRequiredService<IOptions<GeoOptions>>().Value.Regions);
    }

    [Fact]
    public void One_list_of_regions_serves_every_process()
    {
        using var host = CheckedHost.Build(static geo => geo.UseMemory().Peer("elsewhere", "a.example:1").Peer(CheckedHost.Region, "b.example:2").Peer("far", "c.example:3"), CheckedHost.Region);
        var options = host.Services.GetRequiredService<IOptions<GeoOptions>>().Value;
        Assert.Equal(["elsewhere", CheckedHost.Region, "far"], options.Regions);
        Assert.Equal(["elsewhere", "far"], options.Peers.Select(static peer => peer.Region.Name));
        Assert.Equal("b.example:2", Assert.Single(options.OwnGateways).ToString());
        Assert.Empty(CheckedHost.Problems(host));
    }

    [Fact]
    public Task A_list_without_the_own_region_is_refused() =>
        RefusedAsync(static geo => geo.UseMemory().Peer("elsewhere", "a.example:1"), CheckedHost.Region, "'alone' is not among");

    [Fact]
    public Task Wrong_options_and_a_missing_store_are_told_together() => RefusedAsync(
        static geo =>
        {
            geo.World("elsewhere").Configure(static options => options.ProbeInterval = TimeSpan.Zero);
            geo.Services.Configure<FailoverOptions>(static options => options.LeaseDuration = TimeSpan.Zero);
        },
        CheckedHost.Region,
        "'alone' is not among",
        "ProbeInterval",
        "LeaseDuration",
        "has no store");

    private static async Task RefusedAsync(Action<GeoBuilder> configure, string cluster, params string[] told)
    {
        using var host = CheckedHost.Build(configure, cluster);
        var failure = await Assert.ThrowsAsync<GeoException>(() => host.StartAsync());
        Assert.Equal(GeoErrorCode.InvalidConfiguration, failure.Code);
        Assert.Null(failure.InnerException);
        Assert.All(told, text => Assert.Contains(text, failure.Message, StringComparison.Ordinal));
    }
}
