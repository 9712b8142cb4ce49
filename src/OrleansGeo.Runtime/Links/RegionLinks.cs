using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Links;

/// <summary>Owns the links: starts them with the silo, or with the host of a plain client, without waiting for any peer, and closes them with it.</summary>
/// <remarks>In a silo they are there before it becomes active, and so before its startup tasks, and until its grains have ended: both may call other regions.</remarks>
internal sealed class RegionLinks : IRegionLinks, ILifecycleParticipant<ISiloLifecycle>, IHostedService, IDisposable
{
    public RegionLinks(LinkContext context, RegionId self, IEnumerable<PeerOptions> peers)
    {
        var links = ImmutableArray.CreateBuilder<IRegionLink>();
        foreach (var peer in peers)
        {
            if (peer.Region == self || links.Any(link => link.Peer == peer.Region))
            {
                throw new InvalidOperationException(
                    $"GeoOptions.Peers of region '{self}' names '{peer.Region}' {(peer.Region == self ? "itself" : "twice")}: name every other region once.");
            }

            if (peer.Gateways.Count == 0)
            {
                throw new InvalidOperationException(
                    $"GeoOptions.Peers of region '{self}' names no gateway of '{peer.Region}': give the address or name, and the gateway port, of at least one of its silos.");
            }

            links.Add(new RegionLink(context, peer));
        }

        All = links.ToImmutable();
    }

    public ImmutableArray<IRegionLink> All { get; }

    public bool TryGet(RegionId peer, [NotNullWhen(true)] out IRegionLink? link)
    {
        foreach (var candidate in All)
        {
            if (candidate.Peer == peer)
            {
                link = candidate;
                return true;
            }
        }

        link = null;
        return false;
    }

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(RegionLinks), ServiceLifecycleStage.ApplicationServices, StartAsync, StopAsync);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var link in Made)
        {
            link.Start();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(Made.Select(link => link.StopAsync(cancellationToken)));

    // More than once: the container knows this instance by several services.
    public void Dispose()
    {
        foreach (var link in Made)
        {
            link.Dispose();
        }
    }

    private IEnumerable<RegionLink> Made => All.Cast<RegionLink>();
}
