using Microsoft.Extensions.Logging;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Logs;
using OrleansGeo.Runtime.Loops;

namespace OrleansGeo.Runtime.Shards;

/// <summary>Ships one shard's log from its home to one peer region, as long as the shard is at home here.</summary>
internal sealed partial class Replicator
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly HomeShard _shard;
    private readonly int _replica;
    private readonly IRegionLink _link;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Signal _news = new();
    private readonly BackgroundLoop _loop;
    private TimeSpan _pause = FirstPause;
    private bool _failed;
    private string? _refusal;

    public Replicator(HomeShard shard, int replica, IRegionLink link, TimeProvider time, ILogger logger)
    {
        _shard = shard;
        _replica = replica;
        _link = link;
        _time = time;
        _logger = logger;
        _shard.Progressed += _news.Set;

        // Not listed: there are many, and what they do not ship is listed as the region's lag.
        _loop = new(
            new() { Name = "replication", Of = $"of {shard.Id} to {link.Peer}", Effect = $"{link.Peer} lags behind in that shard", FirstPause = FirstPause, LongestPause = LongestPause },
            ShipAsync,
            time,
            logger,
            until: shard.Closing);
        _loop.Start();
        Completion = EndAsync();
    }

    public RegionId Peer => _link.Peer;

    public Task Completion { get; }

    /// <summary>The peer's replica begins anew: ask it where it stands.</summary>
    public void Restart()
    {
        _shard.RestartReplica(_replica);
        _news.Set();
    }

    private async Task EndAsync()
    {
        await _loop.Completion;
        _shard.Progressed -= _news.Set;
    }

    /// <summary>Ships over one channel until it closes.</summary>
    private async ValueTask<LoopNext> ShipAsync(CancellationToken closing)
    {
        var channel = await _link.WhenUpAsync(closing);
        Restart();
        try
        {
            await ShipAsync(channel, closing);
        }
        finally
        {
            // Where it stands is not known while there is no link: nothing may be handed over to it.
            _shard.RestartReplica(_replica);
        }

        return LoopNext.Now;
    }

    private async Task ShipAsync(RegionChannel channel, CancellationToken closing)
    {
        var peer = channel.Grains.GetGrain<IShardGrain>(_shard.Id.Name);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(closing, channel.Closed);
        try
        {
            while (!ended.IsCancellationRequested)
            {
                if (_failed)
                {
                    await RecoverAsync(ended.Token);
                }

                if (_shard.NextShipment(_replica) is { } shipment)
                {
                    await BeginAsync(peer, shipment);
                }
                else
                {
                    await _news.WaitAsync(ended.Token);
                }
            }
        }
        catch (OperationCanceledException) when (channel.Closed.IsCancellationRequested && !closing.IsCancellationRequested)
        {
            // The link was cut: wait for the next channel.
        }
    }

    private async Task RecoverAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(_pause, _time, cancellationToken);
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        _failed = false;
        _shard.RestartReplica(_replica);
    }

    private async Task BeginAsync(IShardGrain peer, Shipment shipment)
    {
        switch (shipment)
        {
            case Shipment.Send send:
                // Not awaited: the window of messages under way is the log's to bound, and the task handles its own failure.
                _ = SendAsync(peer, send);
                break;
            case Shipment.Read read:
                await GuardAsync(async () =>
                {
                    if (await _shard.ReadShipmentAsync(_replica, read) is { } rows)
                    {
                        _ = SendAsync(peer, rows);
                    }
                });
                break;
            case Shipment.Copy copy:
                await GuardAsync(() => CopyAsync(peer));
                _shard.Copied(_replica, copy.Session);
                break;
        }
    }

    private Task SendAsync(IShardGrain peer, Shipment.Send send) => GuardAsync(async () =>
    {
        var trace = send.Message.Rows.IsEmpty ? null : _shard.TraceOf(send.Message.Previous, send.Message.Rows[^1].Last);
        var reply = (await peer.Append(AppendMessageWire.From(send.Message, trace))).ToReply();
        var effect = _shard.Replied(_replica, send, reply);
        if (effect == ReplyEffect.Refused)
        {
            Refused(reply);
        }
        else if (reply.Verdict == AppendVerdict.Stored)
        {
            Taken();
        }

        _news.Set();
    });

    /// <summary>It would be refused again at once; and it is taken by itself as soon as that region can read it. Said once.</summary>
    private void Refused(AppendReply reply)
    {
        _failed = true;
        if (Interlocked.Exchange(ref _refusal, reply.Problem ?? "") != (reply.Problem ?? ""))
        {
            LogRefused(_logger, _shard.Id.Name, Peer, reply.At, reply.Problem ?? "it does not say why");
        }
    }

    private void Taken()
    {
        _pause = FirstPause;
        if (_refusal is not null && Interlocked.Exchange(ref _refusal, null) is not null)
        {
            LogReads(_logger, _shard.Id.Name, Peer);
        }
    }

    private async Task CopyAsync(IShardGrain peer)
    {
        var (start, finish) = _shard.BeginCopy();
        var copy = Guid.NewGuid();
        string? after = null;
        var page = 0;
        while (true)
        {
            var records = await _shard.ReadRecordsAsync(after);
            after = records.IsEmpty ? after : records[^1].Entity;
            foreach (var part in records.IsEmpty ? [[]] : CopyPages.Of(records.Select(static record => (record.Entity, record.Record)), _shard.BatchBytes))
            {
                var message = new CopyMessage(
                    _shard.Home.Token,
                    copy,
                    page,
                    [.. part.Select(static record => record.Entity)],
                    [.. part.Select(static record => record.Record)],
                    page == 0 ? start : null,
                    records.IsEmpty ? finish : null);
                page++;
                if (!await peer.Copy(CopyMessageWire.From(message)).AsTask().WaitAsync(_shard.Closing) || records.IsEmpty)
                {
                    return;
                }
            }
        }
    }

    /// <summary>Whatever fails between regions is tried again from where the replica says that it stands.</summary>
    private async Task GuardAsync(Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception exception)
        {
            if (!_shard.Closing.IsCancellationRequested)
            {
                LogFailed(_logger, _shard.Id.Name, Peer, exception.Message);
                _failed = true;
                _news.Set();
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Shipping shard {Shard} to {Peer} failed and is tried again: {Problem}")]
    private static partial void LogFailed(ILogger logger, string shard, RegionId peer, string problem);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Peer} refuses the log of shard {Shard} after entry {Position}, which it cannot read: {Problem} Writes count there for nothing, and it shows older data, until it can; that is tried every few seconds. Upgrade {Peer} to this region's version; if it is not of an earlier one, the row was damaged on its way or in this region's store")]
    private static partial void LogRefused(ILogger logger, string shard, RegionId peer, LogPosition position, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Peer} reads the log of shard {Shard} again")]
    private static partial void LogReads(ILogger logger, string shard, RegionId peer);
}
