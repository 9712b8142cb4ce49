using System.Net;
using System.Net.Sockets;
using OrleansGeo.World.Hosting;
using OrleansGeo.World.Outcomes;
using OrleansGeo.World.Processes;

namespace OrleansGeo.Tests.World.Processes;

public sealed class PortCheckTests
{
    [Fact]
    public void Names_the_port_its_purpose_and_its_owner()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var place = new RegionPlace("mars", port, [], []);

        var error = Assert.Throws<WorldException>(() => PortCheck.EnsureFree([place]));

        Assert.Contains($"Port {port} (the HTTP port of mars) is in use", error.Message, StringComparison.Ordinal);
        Assert.Contains("--regions", error.Message, StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
        {
            Assert.Contains($"process {Environment.ProcessId} (", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Names_a_port_that_is_needed_twice()
    {
        RegionPlace[] places = [new("a", 7001, [17101], [27101]), new("b", 17101, [17102], [27102])];

        var error = Assert.Throws<WorldException>(() => PortCheck.EnsureFree(places));

        Assert.Contains("Port 17101 would be used twice, by a silo port of a, derived from its HTTP port 7001 and the HTTP port of b", error.Message, StringComparison.Ordinal);
    }
}
