using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Failover;

/// <summary>What the control plane sends, and what its silos are told.</summary>
internal sealed partial class ControlPlane
{
    private const int SaidAtMost = 256;

    private TimeSpan _nextProbe;
    private bool _gaveUp;
    private readonly ConcurrentDictionary<(string Register, string Problem), bool> _said = new();
    private string? _unreadable;

    /// <summary>Sends what is to be sent, and tells whoever follows what is new.</summary>
    private void Pump()
    {
        IReadOnlyList<ControlMessage> messages;
        TaskCompletionSource? changed = null;
        lock (_lock)
        {
            if (_run is not { Control: var control } run)
            {
                return;
            }

            if (control.IsSuperseded && run.Supersede())
            {
                LogSuperseded(_logger, _options.Region);
            }

            messages = control.TakeMessages();
            if (control.Topology.Version > _version || control.Generation != _generation)
            {
                (changed, _changed) = (_changed, NewSignal());
                Announce(control);
                (_version, _generation) = (control.Topology.Version, control.Generation);
            }
        }

        changed?.TrySetResult();
        foreach (var message in messages)
        {
            Send(message);
        }

        if (messages.Count > 0)
        {
            Wake();
        }
    }

    private void Send(ControlMessage message)
    {
        // Not awaited: an answer that does not come is what attempts, leases and time-outs are about.
        switch (message)
        {
            case ControlMessage.ToAcceptors { Message: RegisterMessage.Accept } own when own.Register == RegisterNames.LeaseOf(_options.Self):
                // First here, so that no other region ever knows a newer lease of this one than its own store (StoreReturn).
                _ = GuardAsync(async () =>
                {
                    var reply = await TakeAsync(own.Register, own.Message);
                    if (reply.Granted)
                    {
                        foreach (var link in _links.All)
                        {
                            _ = GuardAsync(() => AskAsync(link, own));
                        }
                    }

                    Received(_options.Self, own, reply);
                });
                break;
            case ControlMessage.ToAcceptors toAcceptors:
                _ = GuardAsync(async () => Received(_options.Self, toAcceptors, await TakeAsync(toAcceptors.Register, toAcceptors.Message)));
                foreach (var link in _links.All)
                {
                    _ = GuardAsync(() => AskAsync(link, toAcceptors));
                }

                break;
            case ControlMessage.Failure failure:
                Say(failure.Register, failure.Exception);
                break;
            case ControlMessage.News news:
                var topology = TopologyCodec.Encode(news.Topology);
                foreach (var link in _links.All)
                {
                    _ = GuardAsync(() => Peer(link)?.News(topology).AsTask() ?? Task.CompletedTask);
                }

                break;
        }
    }

    /// <summary>Once: what is asked for again and again fails again and again.</summary>
    private void Say(string register, Exception exception)
    {
        if (_said.Count >= SaidAtMost)
        {
            _said.Clear();
        }

        if (!_said.TryAdd((register, exception.Message), true))
        {
            return;
        }

        if (exception is FormatException)
        {
            LogRegisterUnreadable(_logger, _options.Region, register, exception.Message);
        }
        else
        {
            LogChangeFailed(_logger, exception, _options.Region, register, exception.Message);
        }
    }

    private async Task AskAsync(IRegionLink link, ControlMessage.ToAcceptors message)
    {
        if (Peer(link) is { } peer)
        {
            var reply = await peer.Take(message.Register, RegisterMessageWire.From(message.Message));
            Received(link.Peer, message, reply.ToReply());
        }
    }

    private void Received(RegionId from, ControlMessage.ToAcceptors message, RegisterReply reply)
    {
        lock (_lock)
        {
            Control?.Received(from, message.Register, message.Message, reply, _clock.Now);
        }

        Pump();
    }

    private static IControlGrain? Peer(IRegionLink link) => link.TryGetChannel(out var channel) ? channel.Grains.GetGrain<IControlGrain>(0) : null;

    private async Task GuardAsync(Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (FormatException exception) when (Interlocked.Exchange(ref _unreadable, exception.Message) != exception.Message)
        {
            // Said once: another world's, a newer version's or damaged content of a register does not get better by itself.
            LogUnreadable(_logger, _options.Region, exception.Message);
        }
        catch (Exception exception)
        {
            LogMessageFailed(_logger, _options.Region, exception.Message);
        }
    }

    /// <summary>A region whose store fails cannot be home, however well it renews its lease: it gives it up, and tries its store until that works again.</summary>
    private void CheckStore(RegionControl control, TimeSpan now)
    {
        if (!MayVote)
        {
            return;
        }

        if (_health.FailedFor > TimeSpan.Zero && now >= _nextProbe)
        {
            _nextProbe = now + (_failover.LeaseDuration / 8);
            _ = GuardAsync(() => TakeAsync("probe", new RegisterMessage.Accept(Ballot.None, default, Ballot.None)));
        }

        if (_health.IsDown && !_gaveUp)
        {
            _gaveUp = true;
            control.GiveUp($"its store has failed for {_health.FailedFor.TotalSeconds:0.0} s ({_health.Problem})", now);
        }
        else if (_gaveUp && _health.FailedFor == TimeSpan.Zero)
        {
            _gaveUp = false;
            control.Resume(now);
        }
    }

    private void Announce(RegionControl control)
    {
        if (control.Topology.Version > _version)
        {
            var homes = Homes(control.Topology);
            LogTopology(_logger, _options.Region, control.Topology.Version, homes);
            _events.Publish(GeoEventType.Topology, _options.Region, null, null, $"Topology {control.Topology.Version}, homes: {homes}.");
        }

        if (control.Generation != _generation && control.Generation > 0)
        {
            LogLeaseAcquired(_logger, _options.Region, control.Generation);
            _events.Publish(GeoEventType.LeaseAcquired, _options.Region, null, null, $"{_options.Region} holds its lease, generation {control.Generation}.");
        }
        else if (control.Generation == 0 && _generation > 0)
        {
            LogLeaseLost(_logger, _options.Region, control.LostBecause ?? "");
            _events.Publish(GeoEventType.LeaseLost, _options.Region, null, null, $"{_options.Region} lost its lease: {control.LostBecause}. It acts as a replica until it holds it again.");
        }
    }

    private static string Homes(WorldTopology topology) => string.Join(
        ", ",
        topology.Regions.All.Select(region => $"{region} {Enumerable.Range(0, topology.Map.Count).Count(shard => topology.HomeOf(shard).Region == region)}"));

    [LoggerMessage(Level = LogLevel.Debug, Message = "A message of the control plane of {Region} failed: {Problem}")]
    private static partial void LogMessageFailed(ILogger logger, string region, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Region} cannot take part in the world: {Problem}")]
    private static partial void LogUnreadable(ILogger logger, string region, string problem);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Region} cannot read the register {Register}: {Problem} It changes nothing there, answers questions about it with this, keeps what it knew of it, and goes on with every other register. Upgrade {Region} if its version is older than another region's, give it their settings, or restore a damaged store")]
    private static partial void LogRegisterUnreadable(ILogger logger, string region, string register, string problem);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A change of the register {Register} that was asked of {Region} failed, and was left out: {Problem} The silo that asked for it is told; the other changes go on. If it is of a newer version, upgrade the silos of {Region}")]
    private static partial void LogChangeFailed(ILogger logger, Exception exception, string region, string register, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The control plane of {Region} failed and goes on: {Problem}")]
    private static partial void LogTickFailed(ILogger logger, Exception exception, string region, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Region} knows topology {Version}, homes: {Homes}")]
    private static partial void LogTopology(ILogger logger, string region, long version, string homes);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Region} holds its lease, generation {Generation}")]
    private static partial void LogLeaseAcquired(ILogger logger, string region, long generation);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "This silo's control plane of {Region} ends: another silo of the region has taken its lease over, as the cluster does when it takes a silo for dead. If this silo lives, it asks the cluster's membership whether it was declared dead, and ends if it was")]
    private static partial void LogSuperseded(ILogger logger, string region);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Region} lost its lease: {Reason}. It acts as a replica until it holds it again")]
    private static partial void LogLeaseLost(ILogger logger, string region, string reason);
}
