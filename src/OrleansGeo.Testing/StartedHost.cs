using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;

namespace OrleansGeo.Testing;

/// <summary>Notes a silo's host before the silo starts, so that one whose start fails can be stopped.</summary>
internal sealed class StartedHost : ILifecycleParticipant<ISiloLifecycle>
{
    public StartedHost(IHost host, ConcurrentBag<IHost> hosts) => hosts.Add(host);

    public void Participate(ISiloLifecycle lifecycle)
    {
        // Being made was all.
    }
}
