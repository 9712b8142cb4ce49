using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using OrleansGeo.Runtime.Links;

namespace OrleansGeo.Tests.Links;

/// <summary>Host names whose addresses a test changes. Names that it says nothing of are this machine.</summary>
internal sealed class FakeHostNames : IHostNames
{
    private readonly ConcurrentDictionary<string, IPAddress[]> _answers = new();
    private int _asked;

    /// <summary>How many times any name was looked up.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>What a region's name leads to from now on. Nothing: it does not resolve.</summary>
    public void Lead(string region, params string[] addresses) => _answers[$"{region}.test"] = [.. addresses.Select(IPAddress.Parse)];

    public Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        return _answers.GetValueOrDefault(host, [IPAddress.Loopback]) is { Length: > 0 } addresses
            ? Task.FromResult(addresses)
            : Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound));
    }
}
