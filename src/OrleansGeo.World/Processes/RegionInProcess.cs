using OrleansGeo.World.Hosting;

namespace OrleansGeo.World.Processes;

/// <summary>A region in this process, for debugging. It can neither be killed nor started on its own.</summary>
internal sealed class RegionInProcess : IRegionUnit
{
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RegionHost _host;

    private RegionInProcess(RegionConfig config, RegionHost host)
    {
        Config = config;
        _host = host;
    }

    public RegionConfig Config { get; }

    public int ProcessId => Environment.ProcessId;

    public Task<string> Ended => _ended.Task;

    public string LastWords => "";

    public static async Task<IRegionUnit> StartAsync(RegionConfig config, CancellationToken cancellationToken) =>
        new RegionInProcess(config, await RegionHost.StartAsync(config, cancellationToken));

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _ended.TrySetResult("stopped");
    }
}
