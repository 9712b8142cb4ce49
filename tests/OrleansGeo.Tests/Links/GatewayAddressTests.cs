using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Runtime.Links;

namespace OrleansGeo.Tests.Links;

/// <summary>What can be dialled, and what is refused before anything starts.</summary>
public sealed class GatewayAddressTests
{
    [Theory]
    [InlineData("10.1.0.4:30000", "10.1.0.4", 30000)]
    [InlineData("[fd00::4]:30000", "fd00::4", 30000)]
    [InlineData("gw1.example:30000", "gw1.example", 30000)]
    [InlineData("gw1.example.:1", "gw1.example.", 1)]
    [InlineData("silo_0.silos:65535", "silo_0.silos", 65535)]
    [InlineData("localhost:11", "localhost", 11)]
    public void An_address_or_a_name_and_a_port_is_a_gateway(string text, string host, int port)
    {
        var gateway = GatewayAddress.Parse(text);
        Assert.Equal((host, port, text), (gateway.Host, gateway.Port, gateway.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("gw1.example")]
    [InlineData("gw1.example:")]
    [InlineData("gw1.example:0")]
    [InlineData("gw1.example:65536")]
    [InlineData("gw1 example:30000")]
    [InlineData("https://gw1.example:30000")]
    [InlineData("10.1.0.4")]
    [InlineData("10.1.0.400:30000")]
    [InlineData("fd00::4:30000")]
    [InlineData("0.0.0.0:30000")]
    [InlineData("[::]:30000")]
    [InlineData(":30000")]
    public void Anything_else_is_refused_with_what_to_write(string text)
    {
        Assert.False(GatewayAddress.TryParse(text, out _));
        var exception = Assert.Throws<FormatException>(() => new GeoBuilder(new ServiceCollection()).Peer("eastus2", text));
        Assert.Contains($"'{text}'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("gw1.example:30000", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.1.0.4", 0)]
    [InlineData("0.0.0.0", 30000)]
    public void An_address_that_no_silo_has_is_refused(string address, int port) =>
        Assert.Throws<ArgumentException>(() => new GeoBuilder(new ServiceCollection()).Peer("eastus2", new IPEndPoint(IPAddress.Parse(address), port)));
}
