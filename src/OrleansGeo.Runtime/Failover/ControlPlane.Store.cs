using Microsoft.Extensions.Logging;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Loops;

namespace OrleansGeo.Runtime.Failover;

/// <summary>Whether the region's store can be trusted to remember what it promised and stored.</summary>
internal sealed partial class ControlPlane
{
    /// <summary>Compares the store with the other regions, lets it catch up if it went back in time, and only then takes part in full.</summary>
    private async ValueTask<LoopNext> CompareAsync(ControlRun run)
    {
        var standing = _failover.TrustStore ? await _return.TrustAsync(run.Stopping) : await _return.CompareAsync(run.Stopping);
        if (standing == StoreStanding.WentBack)
        {
            run.Standing = standing;
            LogWentBack(_logger, _options.Region, _store.Description);
            _events.Publish(
                GeoEventType.StoreWentBack,
                _options.Region,
                null,
                null,
                $"{_options.Region} started with {_store.Description}, which is older than what the other regions know of it. It neither votes nor is home until it has caught up; what its region shards acknowledged since and had not replicated is lost.");
            await _return.CatchUpAsync(TopologyNow, DecideAgain, () => RowsGoOn(run), run.Stopping);
            LogCaughtUp(_logger, _options.Region, _store.Description);
        }
        else if (standing is StoreStanding.NotProven or StoreStanding.Trusted)
        {
            if (standing == StoreStanding.NotProven)
            {
                LogNotProven(_logger, _options.Region, _store.Description);
            }
            else
            {
                LogTrusted(_logger, _options.Region, _store.Description);
            }

            if (!TakePart(run, standing))
            {
                return LoopNext.End;
            }

            await _return.ProveAsync(() => TopologyNow(), () => IsRecorded(run), () => RowsGoOn(run), run.Stopping);
            if (standing == StoreStanding.Trusted)
            {
                // Before it says what it forgot: others may suspect it of what only it had.
                await _return.NoteForgottenAsync(TopologyNow(), run.Stopping);
            }

            LogProven(_logger, _options.Region, _store.Description);
        }

        await _return.VouchAsync(run.Stopping);
        TakePart(run, StoreStanding.Proven);
        return LoopNext.End;
    }

    private bool TakePart(ControlRun run, StoreStanding standing)
    {
        lock (_lock)
        {
            if (_run != run)
            {
                return false;
            }

            run.Standing = standing;
            if (standing == StoreStanding.Proven)
            {
                run.Control.Prove();
            }

            run.Control.Resume(_clock.Now);
        }

        Tell();
        Pump();
        Wake();
        return true;
    }

    private void RowsGoOn(ControlRun run)
    {
        run.OwnsRows = true;
        Tell();
    }

    /// <summary>Silos that follow hear of what no topology and no lease says.</summary>
    private void Tell()
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            (changed, _changed) = (_changed, NewSignal());
        }

        changed.TrySetResult();
    }

    /// <summary>Whether this run holds a lease that the topology names: then what is at home here was given an epoch of this run.</summary>
    private bool IsRecorded(ControlRun run)
    {
        lock (_lock)
        {
            return run.Control.MayAct(_clock.Now);
        }
    }

    private void DecideAgain()
    {
        lock (_lock)
        {
            Control?.Change(static _ => null, null, _clock.Now);
        }

        Pump();
    }

    private WorldTopology TopologyNow(WorldTopology? decided = null)
    {
        if (decided is not null)
        {
            Heard(decided);
        }

        lock (_lock)
        {
            return Control?.Topology ?? decided ?? _known.Decided;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Region} started with {Store}, which is older than what the other regions know of it: an old copy, or another store. It neither votes nor is home until it holds what they hold. What its region shards acknowledged since and had not replicated is lost")]
    private static partial void LogWentBack(ILogger logger, string region, string store);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Region} started, and there is no evidence that {Store} is as it was left: the machine restarted, or the store has moved. Nothing shows that it is older, so its homes go on under new epochs, with what the other regions hold; replicas and multi-writer entities are served once they were compared")]
    private static partial void LogNotProven(ILogger logger, string region, string store);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Region} started with FailoverOptions.TrustStore, and there is no evidence that {Store} is as it was left. It votes as if it were; its homes go on under new epochs, and what its store forgot may be lost. Its multi-writer entities take writes once they were compared. Take the option away again")]
    private static partial void LogTrusted(ILogger logger, string region, string store);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Region} serves all that it has: {Store} was compared with the other regions")]
    private static partial void LogProven(ILogger logger, string region, string store);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Region} takes part again: {Store} holds what the other regions hold")]
    private static partial void LogCaughtUp(ILogger logger, string region, string store);
}
