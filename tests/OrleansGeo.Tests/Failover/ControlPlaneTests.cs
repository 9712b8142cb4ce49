using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Events;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Loops;
using OrleansGeo.Runtime.Topology;
using OrleansGeo.Storage;
using OrleansGeo.Storage.Memory;
using OrleansGeo.Tests.Api;
using OrleansGeo.Tests.Protocol.Control;

namespace OrleansGeo.Tests.Failover;

/// <summary>The runs of a control plane, in a world of one region: Orleans does not tell every activation that it ends.</summary>
public sealed class ControlPlaneTests : IAsyncLifetime
{
    private static readonly RegionId West = new("westeurope");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(4);

    private readonly GeoOptions _options = new() { Region = West.Name, Regions = { West.Name } };
    private readonly MemoryRegionStore _store = new(new());
    private readonly RegionLinks _links = new(null!, West, []);
    private readonly LeaseClock _clock = new();
    private readonly LogRecorder _log = new();
    private readonly LoggerFactory _loggers;
    private readonly BackgroundLoops _loops = new(TimeProvider.System);
    private readonly CurrentTopology _known = new(WorldTopology.Initial(new ShardMap(new([West]), 1, 1)));
    private readonly ControlPlane _plane;

    public ControlPlaneTests()
    {
        _loggers = new([_log]);
        _plane = Plane();
    }

    public Task InitializeAsync() => _store.OpenAsync(_options.ToStoreWorld("tests"));

    public async Task DisposeAsync()
    {
        _plane.Dispose();
        _links.Dispose();
        _loggers.Dispose();
        _loops.Dispose();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task A_run_that_nobody_ended_ends_with_its_silo()
    {
        var run = await _plane.StartAsync(CancellationToken.None);
        _plane.Dispose();
        await run.Ended.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_run_that_nobody_ended_ends_when_another_begins_which_its_late_end_does_not_touch()
    {
        var earlier = await _plane.StartAsync(CancellationToken.None);
        var later = await _plane.StartAsync(CancellationToken.None);
        await earlier.Ended.WaitAsync(Patience);

        await _plane.StopAsync(earlier);
        Assert.True(await _plane.ChangeAsync(static topology => TopologyChanges.Record(topology, West, generation: 100)).WaitAsync(Patience));
        Assert.False(later.Ended.IsCompleted);

        await _plane.StopAsync(later).WaitAsync(Patience);
        Assert.True(later.Ended.IsCompletedSuccessfully);
    }

    /// <summary>The cluster took the first one's silo for dead, which lives, and has granted the lease to silos that hear nothing of the second.</summary>
    [Fact]
    public async Task A_second_silos_run_supersedes_the_first_and_acts_when_that_ones_lease_has_ended()
    {
        var first = await _plane.StartAsync(CancellationToken.None);
        await WhenHeldAsync(_plane);
        var granted = _plane.Describe(0);
        Assert.Equal(1, granted.Generation);

        using var other = Plane();
        var asked = _clock.Now;
        var second = await other.StartAsync(CancellationToken.None);
        await first.WhenSuperseded.WaitAsync(Patience);
        Assert.Equal(0, _plane.Describe(0).Generation);
        await WhenHeldAsync(other);
        Assert.Equal(2, other.Describe(0).Generation);
        Assert.True(_clock.Now - asked >= TimeSpan.FromMilliseconds(granted.RemainingMs) - Lease / 4, $"It acts {(_clock.Now - asked).TotalSeconds} s after it began, and the first had granted {granted.RemainingMs / 1000} s.");
        Assert.Contains(_log.Lines, static message => message.Contains("another silo of the region has taken its lease over", StringComparison.Ordinal));
        await _plane.StopAsync(first);
        await other.StopAsync(second);
    }

    [Fact]
    public async Task A_change_that_throws_is_told_to_its_caller_and_logged_once_and_the_next_one_is_made()
    {
        var run = await _plane.StartAsync(CancellationToken.None);
        var newer = new TopologyChangeWire((TopologyChangeKind)200, West.Name);
        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<NotSupportedException>(() => _plane.ChangeAsync(newer.Apply).WaitAsync(Patience));
        }

        Assert.True(await _plane.ChangeAsync(static topology => TopologyChanges.Record(topology, West, generation: 100)).WaitAsync(Patience));
        await _plane.StopAsync(run).WaitAsync(Patience);
        var line = Assert.Single(_log.Lines, static line => line.Contains("topology", StringComparison.OrdinalIgnoreCase));
        Assert.StartsWith("Warning", line, StringComparison.Ordinal);
        Assert.Contains("upgrade", line, StringComparison.Ordinal);
    }

    /// <summary>It is this region that must be upgraded: told to the region that is well, it would be in the wrong log.</summary>
    [Fact]
    public async Task News_of_a_newer_version_are_no_error_of_who_sends_them_and_are_logged_once()
    {
        var run = await _plane.StartAsync(CancellationToken.None);
        var newer = ControlBench.Newer(TopologyCodec.Encode(WorldTopology.Initial(new ShardMap(new([West]), 1, 1))));
        _plane.Heard(newer);
        _plane.Heard(newer);
        await _plane.StopAsync(run).WaitAsync(Patience);
        Assert.Contains("newer version", Assert.Single(_log.Lines, static line => line.Contains("register topology", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private ControlPlane Plane() => new(
        _store, _links, _known, _clock, TimeProvider.System, _loops, Options.Create(_options), Options.Create(new FailoverOptions { LeaseDuration = Lease }), new GeoEvents(TimeProvider.System), _loggers.CreateLogger<ControlPlane>());

    private async Task WhenHeldAsync(ControlPlane plane)
    {
        while (plane.Describe(0).Generation == 0)
        {
            await plane.WhenNewerAsync(long.MaxValue, 0, TimeSpan.FromMilliseconds(50)).WaitAsync(Patience);
        }
    }
}
