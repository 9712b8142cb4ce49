namespace OrleansGeo.World.Hosting;

/// <summary>Leaves signals alone: the process decides when its hosts stop, also when there are several of them.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
