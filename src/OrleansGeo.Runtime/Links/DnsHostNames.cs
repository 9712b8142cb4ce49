using System.Net;

namespace OrleansGeo.Runtime.Links;

/// <summary>What this machine says: its hosts file, its DNS.</summary>
internal sealed class DnsHostNames : IHostNames
{
    public Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellationToken) => Dns.GetHostAddressesAsync(host, cancellationToken);
}
