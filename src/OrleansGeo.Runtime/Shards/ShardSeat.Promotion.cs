using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Replication;
using OrleansGeo.Runtime.Storage;
using OrleansGeo.Runtime.World;

namespace OrleansGeo.Runtime.Shards;

/// <summary>Becoming home: make the log whole, open it, wait until the epoch's first entry is stable.</summary>
internal sealed partial class ShardSeat
{
    /// <param name="assignment">Under which epoch.</param>
    /// <param name="isWhole">The own log is all there is: it need not be recovered.</param>
    /// <param name="isHanded">Because the home before said so.</param>
    /// <param name="generation">The lease.</param>
    private async Task BecomeHomeAsync(HomeAssignment assignment, bool isWhole, bool isHanded, long generation)
    {
        var since = _silo.Time.GetTimestamp();
        await StepBackAsync($"it goes on as {assignment.Token}");
        if (!isWhole && !await RecoverAsync(assignment.Token))
        {
            // The store may have been changed under the replica. If the topology still says the same in a while, try again.
            await OpenReplicaAsync(LogPosition.Zero, null, _stopping.Token);
            _silo.Control.CatchUp(_silo.Topology.Decided.Version + 1);
            _retry = TimeSpan.FromSeconds(1);
            return;
        }

        if (await OpenHomeAsync(assignment, isHanded, generation) && (isHanded || !isWhole))
        {
            var took = _silo.Time.GetElapsedTime(since).TotalMilliseconds;
            LogHome(_silo.Logger, _silo.Self, _id, assignment.Epoch, took);
            _silo.Events.Publish(
                isHanded ? GeoEventType.HandedOver : GeoEventType.Promoted,
                _silo.Self.Name,
                _id.Name,
                assignment.Epoch,
                FormattableString.Invariant($"{_id} serves in {_silo.Self} as epoch {assignment.Epoch}, {took:0} ms after it was allotted."));
        }
    }

    /// <returns>Whether it serves.</returns>
    private async Task<bool> OpenHomeAsync(HomeAssignment assignment, bool isHanded, long generation)
    {
        var family = _silo.Topology.Value.Map.FamilyOf(_index);
        var peers = _silo.Links.All;
        var home = await HomeShard.OpenAsync(
            _id,
            assignment,
            family,
            [.. peers.Select(static link => link.Peer)],
            _silo.Store,
            isHanded,
            IsRow ? static () => true : () => Generation == generation,
            _silo.Limits,
            _silo.Time,
            _silo.Logger,
            _stopping.Token);
        if (home is null)
        {
            return false;
        }

        (_home, _generation) = (home, generation);
        home.Closing.Register(_news.Set);
        for (var i = 0; i < peers.Length; i++)
        {
            _replicators.Add(new(home, i, peers[i], _silo.Time, _silo.Logger));
        }

        return await PublishAsync(home);
    }

    /// <summary>Waits until the home can serve, and lets it.</summary>
    private async Task<bool> PublishAsync(HomeShard home)
    {
        await WhenServingAsync(home);
        if (!home.WhenReady.IsCompletedSuccessfully || !home.IsOpen)
        {
            _news.Set();
            return false;
        }

        CloseReplica("this region is its home now");
        _silo.Locals.Add(_index, home);
        _silo.Topology.Hear(_index, home.Home);
        _news.Set();
        return true;
    }

    /// <summary>Completes when the home can serve, or when something else is to be done.</summary>
    private async Task WhenServingAsync(HomeShard home)
    {
        while (!home.WhenReady.IsCompleted && home.MayAct && !IsSuperseded(home.Home))
        {
            await Task.WhenAny(home.WhenReady, _silo.Topology.WhenChanged, Task.Delay(RetryAfter, _silo.Time, _stopping.Token));
            _stopping.Token.ThrowIfCancellationRequested();
        }
    }

    private bool IsSuperseded(HomeAssignment assignment) => _silo.Topology.Value.HomeOf(_index).Epoch > assignment.Epoch;

    /// <summary>Fences a majority, and makes the own log the longest of theirs.</summary>
    /// <returns>False: somebody else is to be home, or this region may not act any more.</returns>
    private async Task<bool> RecoverAsync(FencingToken token)
    {
        var before = await _silo.Store.ReadHeadAsync(_id, _stopping.Token);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var recovery = new ShardRecovery(token, _silo.Topology.Value.Map, IsRow);
        var changed = new Signal();
        _silo.Fencer.Ask(_id, token, Promised, ended.Token);
        Promised(_silo.Self, await _silo.Store.PromiseAsync(_id, token, _stopping.Token));
        try
        {
            for (; ; )
            {
                RecoveryStep step;
                lock (recovery)
                {
                    step = recovery.Next();
                }

                switch (step)
                {
                    case RecoveryStep.Open:
                        await SuspectAsync(recovery, before, token);
                        return true;
                    case RecoveryStep.Cut cut:
                        Promised(_silo.Self, await _silo.Store.CutAsync(_id, token, cut.KeepThrough, cut.ForeignEpoch, _stopping.Token));
                        break;
                    case RecoveryStep.Fetch fetch:
                        await FetchAsync(recovery, fetch);
                        break;
                    case RecoveryStep.Yield yield when IsRow:
                        // Nobody else may be home of a row shard: what is in no log any more is taken as records.
                        Promised(_silo.Self, await new RowCopy(_silo.Store, _silo.Links).TakeAsync(_id, token, yield.Region, _stopping.Token));
                        break;
                    case RecoveryStep.Yield yield:
                        LogYields(_silo.Logger, _silo.Self, _id, yield.Region);
                        await _silo.Control.ChangeAsync(TopologyChangeWire.Reallot(_index, new(token.Region, token.Epoch), yield.Region), _stopping.Token);
                        return false;
                    case RecoveryStep.Unreadable unreadable when IsRow:
                        // Nobody else may be home of a row shard.
                        throw new FormatException(unreadable.Problem);
                    case RecoveryStep.Unreadable unreadable:
                        _unreadable.NotHome(unreadable.Problem);
                        await _silo.Control.ChangeAsync(TopologyChangeWire.Reallot(_index, new(token.Region, token.Epoch), unreadable.Source), _stopping.Token);
                        return false;
                    case RecoveryStep.Lost:
                        return false;
                    default:
                        if (Generation == 0 || IsSuperseded(new(token.Region, token.Epoch)))
                        {
                            return false;
                        }

                        await changed.WaitAsync(RetryAfter, _stopping.Token);
                        break;
                }
            }
        }
        finally
        {
            await ended.CancelAsync();
        }

        void Promised(RegionId region, ShardHead head)
        {
            lock (recovery)
            {
                recovery.Promised(region, head);
            }

            changed.Set();
        }
    }

    private async Task FetchAsync(ShardRecovery recovery, RecoveryStep.Fetch fetch)
    {
        if (!_silo.Links.TryGetChannel(fetch.Source, out var channel))
        {
            throw new OrleansException($"The link to {fetch.Source}, which has the longest log of {_id}, is down.");
        }

        var page = await channel.Grains.GetGrain<IControlGrain>(0).ReadLog(_id.Name, fetch.From.Value).AsTask().WaitAsync(_stopping.Token);
        lock (recovery)
        {
            if (!recovery.Fetched(page.Head.ToHead()))
            {
                return;
            }
        }

        var own = await _silo.Store.ReadHeadAsync(_id, _stopping.Token);
        ImmutableArray<LogRow> rows = [.. page.Rows.Select(static row => row.ToRow()).Where(row => row.First > own.Last)];
        lock (recovery)
        {
            if (!recovery.CanRead(fetch.Source, rows))
            {
                return;
            }
        }

        var result = await _silo.Store.AppendAsync(_id, new(recovery.Token, own.Last, own.LastEpoch, rows), _stopping.Token);
        if (result.Verdict is not (AppendVerdict.Stored or AppendVerdict.Fenced) || page.Rows.Length == 0)
        {
            throw new InvalidOperationException($"Rows of {_id} that {fetch.Source} sent do not follow entry {own.Last} of epoch {own.LastEpoch}: {result.Verdict}.");
        }

        lock (recovery)
        {
            recovery.Promised(_silo.Self, result.Head);
        }
    }

    /// <summary>The old home did not answer: what it acknowledged alone is not lost for sure, and not safe either.</summary>
    private async Task SuspectAsync(ShardRecovery recovery, ShardHead before, FencingToken token)
    {
        bool answered;
        lock (recovery)
        {
            answered = recovery.Has(before.Promised.Region);
        }

        if (!answered && _silo.Topology.Value.Map.FamilyOf(_index) == ShardFamily.Region && before.Promised.Region != token.Region && before.Promised.Epoch > 0)
        {
            var own = await _silo.Store.ReadHeadAsync(_id, _stopping.Token);
            await _silo.Store.SuspectAsync(new(_id, before.Promised.Region, token.Epoch, own.Last.Next), _stopping.Token);
            _silo.Events.Publish(
                GeoEventType.LostWrites, before.Promised.Region.Name, _id.Name, token.Epoch, $"What {before.Promised.Region} acknowledged of {_id} from position {own.Last.Next} on is suspected to be lost, until its store is back.");
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Region} serves {Shard} in epoch {Epoch}, {Milliseconds:0} ms after it began to take it")]
    private static partial void LogHome(ILogger logger, RegionId region, ShardId shard, long epoch, double milliseconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Region} yields {Shard} to {Other}: what is missing here is no longer in any log")]
    private static partial void LogYields(ILogger logger, RegionId region, ShardId shard, RegionId other);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {Shard} could not take its role and tries again: {Problem}")]
    private static partial void LogFailed(ILogger logger, Exception exception, ShardId shard, string problem);
}
