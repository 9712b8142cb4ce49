using Microsoft.Extensions.Logging;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Loops;
using OrleansGeo.Runtime.World;

namespace OrleansGeo.Runtime.Failover;

/// <summary>Whether the region's store can be trusted to remember what it promised and stored.</summary>
internal sealed partial class ControlPlane
{
    /// <summary>Compares the store with the other regions, lets it catch up if it went back in time, and only then takes part.</summary>
    private async ValueTask<LoopNext> CompareAsync(ControlRun run)
    {
        if (!_failover.TrustStore && await _return.WentBackAsync(run.Stopping))
        {
            LogWentBack(_logger, _options.Region, _store.Description);
            _events.Publish(
                GeoEventType.StoreWentBack,
                _options.Region,
                null,
                null,
                $"{_options.Region} started with {_store.Description}, which is older than what the other regions know of it. It neither votes nor is home until it has caught up; what its region shards acknowledged since and had not replicated is lost.");
            await _return.CatchUpAsync(TopologyNow, DecideAgain, run.Stopping);
            LogCaughtUp(_logger, _options.Region, _store.Description);
        }

        lock (_lock)
        {
            if (_run != run)
            {
                return LoopNext.End;
            }

            Volatile.Write(ref _isTrusted, true);
            run.Control.Resume(_clock.Now);
        }

        Pump();
        Wake();
        return LoopNext.End;
    }

    private void DecideAgain()
    {
        lock (_lock)
        {
            Control?.Change(static _ => null, null, _clock.Now);
        }

        Pump();
    }

    private WorldTopology TopologyNow(WorldTopology decided)
    {
        Heard(decided);
        lock (_lock)
        {
            return Control?.Topology ?? decided;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Region} started with {Store}, which is older than what the other regions know of it: an old copy, or another store. It neither votes nor is home until it holds what they hold. What its region shards acknowledged since and had not replicated is lost")]
    private static partial void LogWentBack(ILogger logger, string region, string store);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Region} takes part again: {Store} holds what the other regions hold")]
    private static partial void LogCaughtUp(ILogger logger, string region, string store);
}
