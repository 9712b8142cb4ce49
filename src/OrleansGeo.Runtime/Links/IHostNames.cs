using System.Net;

namespace OrleansGeo.Runtime.Links;

/// <summary>Looks up the addresses of host names. Replaced in tests, which change the answers.</summary>
internal interface IHostNames
{
    /// <summary>The addresses that a name has now, in the order in which they should be tried. Throws when it has none.</summary>
    Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellationToken);
}
