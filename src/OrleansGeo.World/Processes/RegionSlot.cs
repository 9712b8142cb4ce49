using OrleansGeo.World.Hosting;

namespace OrleansGeo.World.Processes;

/// <summary>A region of the world through all its runs. Guarded by its supervisor.</summary>
internal sealed class RegionSlot(RegionConfig config) : IDisposable
{
    public RegionConfig Config { get; } = config;

    /// <summary>Held while the region is started or stopped.</summary>
    public SemaphoreSlim Changing { get; } = new(1, 1);

    public IRegionUnit? Unit { get; set; }

    public int LastProcessId { get; set; }

    /// <summary>Why the region is down, in words; null while it serves.</summary>
    public string? DownReason { get; set; } = "not started";

    public void Dispose() => Changing.Dispose();
}
