using Microsoft.Extensions.Hosting;

namespace OrleansGeo.Runtime.Failover;

/// <summary>Keeps a plain client's topology new. A silo's shard keeper does that for a silo.</summary>
internal sealed class ClientFollower(ControlFollower follower) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        follower.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => follower.StopAsync();
}
