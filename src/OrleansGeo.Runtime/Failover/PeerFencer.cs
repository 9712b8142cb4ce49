using Microsoft.Extensions.Logging;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Loops;

namespace OrleansGeo.Runtime.Failover;

/// <summary>
/// Asks one peer to promise epochs. Shards that are promoted at the same time share a message; those that it did not answer for are asked again in messages of their own, so that
/// the others never wait for them. Thread-safe.
/// </summary>
internal sealed partial class PeerFencer : IDisposable
{
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>The answer to one message. A peer answers within a bound of its own; this one is for a message that got lost on a link that stays up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How long the same shard is not told of again.</summary>
    private static readonly TimeSpan SayAgain = TimeSpan.FromMinutes(1);

    /// <summary>So many shards are named in one line of the log.</summary>
    private const int Named = 5;

    private readonly IRegionLink _link;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly BackgroundLoop _loop;
    private readonly Lock _lock = new();
    private readonly List<FenceRequest> _requests = [];

    public PeerFencer(IRegionLink link, BackgroundLoops loops, TimeProvider time, ILogger logger)
    {
        (_link, _time, _logger) = (link, time, logger);
        _loop = loops.Create(
            new() { Name = "fencing", Of = $"in {link.Peer}", Effect = $"shards that come to this region are promoted only if enough regions other than {link.Peer} promise their epochs" },
            _ => new(SendDue()),
            logger);
        _loop.Start();
    }

    public void Ask(FenceRequest request)
    {
        lock (_lock)
        {
            request.Due = After(Gather);
            _requests.Add(request);
        }

        _loop.Wake();
    }

    public void Dispose() => _loop.Dispose();

    /// <summary>Sends what is due, without waiting for the answers.</summary>
    private LoopNext SendDue()
    {
        List<FenceRequest> first = [], again = [];
        var pause = Timeout.InfiniteTimeSpan;
        lock (_lock)
        {
            _requests.RemoveAll(static request => request.IsOver);
            var now = _time.GetTimestamp();
            foreach (var request in _requests)
            {
                if (request.Due is not { } due)
                {
                    continue;
                }

                if (due <= now)
                {
                    request.Due = null;
                    (request.Failures == 0 ? first : again).Add(request);
                }
                else if (_time.GetElapsedTime(now, due) is var left && (pause == Timeout.InfiniteTimeSpan || left < pause))
                {
                    pause = left;
                }
            }
        }

        Send(first);
        Send(again);
        return LoopNext.After(pause);
    }

    private void Send(List<FenceRequest> batch)
    {
        if (batch.Count > 0)
        {
            // Not awaited: it handles its own failures, and wakes the loop.
            _ = SendAsync(batch);
        }
    }

    private async Task SendAsync(List<FenceRequest> batch)
    {
        try
        {
            var answers = await AskAsync([.. batch.Select(static request => request.ToWire())]);
            Tell(batch.Zip(answers, Take).OfType<(FenceRequest, string)>().ToList());
        }
        catch (Exception exception)
        {
            // All of them: the link was cut, or the region does not vote.
            LogFailed(_logger, _link.Peer, exception.Message);
            lock (_lock)
            {
                foreach (var request in batch)
                {
                    request.Due ??= After(FirstPause);
                }
            }
        }

        _loop.Wake();
    }

    private async Task<HeadAnswerWire[]> AskAsync(FenceWire[] fences)
    {
        if (!_link.TryGetChannel(out var channel))
        {
            throw new OrleansException($"The link to {_link.Peer} is down.");
        }

        var asking = new PeerHeads(channel.Grains.GetGrain<IControlGrain>(0), _time).FenceAsync(fences);
        asking.Ignore();
        return await asking.WaitAsync(Patience, _time);
    }

    /// <returns>Why there is no head, if that is to be told of.</returns>
    private (FenceRequest Request, string Problem)? Take(FenceRequest request, HeadAnswerWire answer)
    {
        if (answer.TryGetHead() is { } head)
        {
            lock (_lock)
            {
                if (answer.IsUnproven)
                {
                    // It may be a vote later.
                    request.Due = After(LongestPause);
                }
                else
                {
                    _requests.Remove(request);
                }
            }

            request.Promised(_link.Peer, head, !answer.IsUnproven);
            return null;
        }

        // What is not done yet is nearly always done in a moment.
        var isSoon = answer.Verdict == HeadVerdict.NotYet && request.Failures == 0;
        lock (_lock)
        {
            var pause = FirstPause * (1 << Math.Min(request.Failures, 3));
            request.Due = After(isSoon ? TimeSpan.Zero : pause < LongestPause ? pause : LongestPause);
            request.Failures++;
            if (isSoon || (request.SaidAt is { } before && _time.GetElapsedTime(before) < SayAgain))
            {
                return null;
            }

            request.SaidAt = _time.GetTimestamp();
        }

        return (request, answer.Problem ?? "it did not say why");
    }

    private void Tell(List<(FenceRequest Request, string Problem)> failed)
    {
        if (failed.Count > 0)
        {
            var shards = string.Join(", ", failed.Take(Named).Select(static one => one.Request.Shard));
            LogNotPromised(_logger, _link.Peer, failed.Count > Named ? $"{shards} and {failed.Count - Named} more" : shards, failed[0].Problem);
        }
    }

    private long After(TimeSpan pause) => _time.GetTimestamp() + (long)(pause.TotalSeconds * _time.TimestampFrequency);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Fencing shards in {Peer} failed and is tried again: {Problem}")]
    private static partial void LogFailed(ILogger logger, RegionId peer, string problem);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Peer} has not promised the new epoch of {Shards}: {Problem}. It is asked again; until it has promised, these shards are promoted only if enough other regions promise. If it goes on, look at the store of {Peer}.")]
    private static partial void LogNotPromised(ILogger logger, RegionId peer, string shards, string problem);
}
