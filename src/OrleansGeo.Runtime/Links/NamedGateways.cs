using System.Net;
using Orleans.Messaging;

namespace OrleansGeo.Runtime.Links;

/// <summary>Where a client finds silos of its region: addresses, and names that are looked up again whenever Orleans asks.</summary>
internal sealed class NamedGateways(IReadOnlyList<GatewayAddress> gateways, IHostNames names) : IGatewayListProvider
{
    public TimeSpan MaxStaleness { get; } = TimeSpan.FromMinutes(1);

    public bool IsUpdatable => true;

    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    /// <summary>A name that cannot be looked up is left out: the others may lead there. If none can, the last reason is thrown, and Orleans' own start of the client tells it.</summary>
    public async Task<IList<Uri>> GetGateways()
    {
        if (gateways.Count == 0)
        {
            throw new InvalidOperationException(
                "This client does not know where silos of its region are: name their gateways, geo.Gateways(\"silo1.example:30000\"), or find them by a clustering package.");
        }

        var found = new List<Uri>();
        Exception? problem = null;
        foreach (var gateway in gateways)
        {
            try
            {
                var addresses = gateway.EndPoint is { } place ? [place.Address] : await names.LookUpAsync(gateway.Host, CancellationToken.None);
                found.AddRange(addresses.Select(address => SiloAddress.New(address, gateway.Port, 0).ToGatewayUri()));
            }
            catch (Exception exception)
            {
                problem = new IOException($"Gateway {gateway} cannot be found: {exception.Message}. Check the name in geo.Gateways(…), and this machine's DNS.", exception);
            }
        }

        return found.Count == 0 && problem is not null ? throw problem : found;
    }
}
