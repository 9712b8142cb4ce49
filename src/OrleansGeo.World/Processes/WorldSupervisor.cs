using System.Collections.Immutable;
using OrleansGeo.World.Hosting;
using OrleansGeo.World.Outcomes;

namespace OrleansGeo.World.Processes;

/// <summary>Starts the regions of a world, notices when one ends, starts it again on command, and stops them all.</summary>
/// <remarks>A region that ends stays down: recovering from that is what the world is for. Thread-safe.</remarks>
internal sealed class WorldSupervisor : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndNoticed = TimeSpan.FromSeconds(5);

    private readonly Func<RegionConfig, CancellationToken, Task<IRegionUnit>> _launch;
    private readonly TimeProvider _time;
    private readonly ReadyProbe _probe;
    private readonly ImmutableArray<RegionSlot> _slots;
    private readonly Lock _gate = new();
    private readonly List<Task> _watches = [];
    private bool _stopping;

    public WorldSupervisor(
        IEnumerable<RegionConfig> regions, Func<RegionConfig, CancellationToken, Task<IRegionUnit>> launch, TimeProvider time)
    {
        _launch = launch;
        _time = time;
        _probe = new(time);
        _slots = [.. regions.Select(static region => new RegionSlot(region))];
    }

    /// <summary>Raised after a region came up or went down, with what happened in words. Never while the world stops.</summary>
    public event Action<string>? Changed;

    public ImmutableArray<ReadyRegion> Regions
    {
        get
        {
            lock (_gate)
            {
                return [.. _slots.Select(static slot => new ReadyRegion(slot.Config.Region, slot.LastProcessId, slot.Config.Place.Url))];
            }
        }
    }

    /// <summary>The regions that are down, and why.</summary>
    public ImmutableArray<(string Region, string Reason)> Down
    {
        get
        {
            lock (_gate)
            {
                return [.. _slots.Where(static slot => slot.DownReason is not null).Select(static slot => (slot.Config.Region, slot.DownReason!))];
            }
        }
    }

    /// <summary>Starts every region, all at once.</summary>
    /// <exception cref="WorldException">One of them did not start. The others may still run: dispose this.</exception>
    public async Task StartAllAsync(CancellationToken cancellationToken)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        WorldException? first = null;
        await Task.WhenAll(_slots.Select(async slot =>
        {
            try
            {
                await StartAsync(slot, failed.Token);
            }
            catch (WorldException exception)
            {
                // The others are of no use then: the first failure is the one to report.
                Interlocked.CompareExchange(ref first, exception, null);
                await failed.CancelAsync();
            }
            catch (OperationCanceledException) when (failed.IsCancellationRequested)
            {
                // Told by the first failure, or by the caller.
            }
        }));
        cancellationToken.ThrowIfCancellationRequested();
        if (first is not null)
        {
            throw first;
        }
    }

    /// <summary>Starts a region that is down, and returns once it serves.</summary>
    /// <returns>False when it was up already.</returns>
    /// <exception cref="WorldException">There is no such region, or it did not start.</exception>
    public async Task<bool> StartAgainAsync(string region, CancellationToken cancellationToken)
    {
        var slot = _slots.FirstOrDefault(slot => slot.Config.Region == region)
            ?? throw WorldException.Usage(RegionNames.Unknown(region, _slots.Select(static slot => slot.Config.Region)));
        await slot.Changing.WaitAsync(cancellationToken);
        try
        {
            if (await IsUpAsync(slot, cancellationToken))
            {
                return false;
            }

            await StartLockedAsync(slot, cancellationToken);
        }
        finally
        {
            slot.Changing.Release();
        }

        Changed?.Invoke($"{region} is up again (process {slot.LastProcessId})");
        return true;
    }

    /// <summary>Stops every region, all at once.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _stopping = true;
        }

        await Task.WhenAll(_slots.Select(StopAsync));
        await Task.WhenAll(_watches);
        foreach (var slot in _slots)
        {
            slot.Dispose();
        }

        _probe.Dispose();
    }

    private async Task StartAsync(RegionSlot slot, CancellationToken cancellationToken)
    {
        await slot.Changing.WaitAsync(cancellationToken);
        try
        {
            await StartLockedAsync(slot, cancellationToken);
        }
        finally
        {
            slot.Changing.Release();
        }
    }

    private async Task StartLockedAsync(RegionSlot slot, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_stopping)
            {
                throw WorldException.Failure("The world is stopping: no region is started any more.");
            }
        }

        if (slot.Unit is { } former)
        {
            slot.Unit = null;
            await former.DisposeAsync();
        }

        var unit = slot.Unit = await _launch(slot.Config, cancellationToken);
        try
        {
            await WaitUntilServesAsync(unit, cancellationToken);
        }
        catch
        {
            slot.Unit = null;
            await unit.DisposeAsync();
            throw;
        }

        lock (_gate)
        {
            slot.LastProcessId = unit.ProcessId;
            slot.DownReason = null;
            _watches.Add(WatchAsync(slot, unit));
        }
    }

    /// <summary>A region may have just been killed, and its end not been noticed yet.</summary>
    private async Task<bool> IsUpAsync(RegionSlot slot, CancellationToken cancellationToken)
    {
        if (slot.Unit is not { Ended.IsCompleted: false } unit)
        {
            return false;
        }

        if (await _probe.IsLiveAsync(unit.Config.Place.Url, cancellationToken))
        {
            return true;
        }

        try
        {
            await unit.Ended.WaitAsync(EndNoticed, _time, cancellationToken);
            return false;
        }
        catch (TimeoutException)
        {
            throw WorldException.Failure($"{slot.Config.Region} runs (process {unit.ProcessId}) but does not answer: end that process first.");
        }
    }

    private async Task WaitUntilServesAsync(IRegionUnit unit, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(StartTimeout, _time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var serves = _probe.WaitAsync(unit.Config.Place.Url, patience.Token);
        if (await Task.WhenAny(serves, unit.Ended) == unit.Ended)
        {
            await patience.CancelAsync();
            await serves.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw NotStarted(unit, await unit.Ended);
        }

        try
        {
            await serves;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw NotStarted(unit, $"does not serve after {StartTimeout.TotalSeconds:0} s");
        }
    }

    private static WorldException NotStarted(IRegionUnit unit, string why) =>
        WorldException.Failure($"{unit.Config.Region} did not start: {why}. {unit.LastWords}");

    private async Task WatchAsync(RegionSlot slot, IRegionUnit unit)
    {
        var reason = await unit.Ended;
        lock (_gate)
        {
            if (_stopping || slot.Unit != unit)
            {
                return;
            }

            slot.DownReason = reason;
        }

        Changed?.Invoke($"{slot.Config.Region} is down ({reason}). Start it again with: {SelfCommand.Hint($"start {slot.Config.Region}")}");
    }

    private async Task StopAsync(RegionSlot slot)
    {
        await slot.Changing.WaitAsync(CancellationToken.None);
        try
        {
            if (slot.Unit is { } unit)
            {
                await unit.DisposeAsync();
            }
        }
        finally
        {
            slot.Changing.Release();
        }
    }
}
