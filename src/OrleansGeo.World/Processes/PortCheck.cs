using System.Net;
using System.Net.Sockets;
using OrleansGeo.World.Hosting;
using OrleansGeo.World.Outcomes;

namespace OrleansGeo.World.Processes;

/// <summary>Refuses to start on ports that are not free, and says which, why it is needed and who has it.</summary>
internal static class PortCheck
{
    private sealed record Use(int Port, string Purpose);

    /// <exception cref="WorldException">Two regions would share a port, or something else has one.</exception>
    public static void EnsureFree(IEnumerable<RegionPlace> world)
    {
        var uses = world.SelectMany(UsesOf).ToArray();
        var shared = uses.GroupBy(static use => use.Port).FirstOrDefault(static group => group.Count() > 1);
        if (shared is not null)
        {
            throw WorldException.Usage(
                $"Port {shared.Key} would be used twice, by {string.Join(" and ", shared.Select(static use => use.Purpose))}: "
                + "choose other HTTP ports with --regions (the silo, gateway and emulator ports are 10,000, 20,000 and 30,000 above them).");
        }

        foreach (var use in uses)
        {
            if (TryBind(use.Port) is { } error)
            {
                throw WorldException.Usage(Explain(use, error));
            }
        }
    }

    private static IEnumerable<Use> UsesOf(RegionPlace place)
    {
        yield return new(place.HttpPort, $"the HTTP port of {place.Region}");
        foreach (var port in place.SiloPorts)
        {
            yield return new(port, $"a silo port of {place.Region}, derived from its HTTP port {place.HttpPort}");
        }

        foreach (var port in place.GatewayPorts)
        {
            yield return new(port, $"a gateway port of {place.Region}, derived from its HTTP port {place.HttpPort}");
        }

        if (place.StoragePort is { } storage)
        {
            yield return new(storage, $"the port of the storage emulator of {place.Region}, derived from its HTTP port {place.HttpPort}");
        }
    }

    private static string Explain(Use use, SocketError error) => error == SocketError.AddressAlreadyInUse
        ? $"Port {use.Port} ({use.Purpose}) is in use{Owner(use.Port)}: stop that, or choose another HTTP port with --regions."
        : $"Port {use.Port} ({use.Purpose}) cannot be opened ({error}): choose another HTTP port with --regions.";

    private static string Owner(int port) => PortOwner.Find(port) is { } owner ? $" by {owner}" : "";

    private static SocketError? TryBind(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return null;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode;
        }
    }
}
