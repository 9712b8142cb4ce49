using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Hosting;

/// <summary>Opens the region's store before the silo takes work.</summary>
internal sealed class StoreOpener(IRegionStore store, IOptions<GeoOptions> geo, IOptions<ClusterOptions> cluster) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(StoreOpener), ServiceLifecycleStage.RuntimeStorageServices, OpenAsync);

    private Task OpenAsync(CancellationToken cancellationToken) => store.OpenAsync(geo.Value.ToStoreWorld(cluster.Value.ServiceId), cancellationToken);
}
