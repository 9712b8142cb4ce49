using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Logging;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Links;

/// <summary>
/// The link to one peer region: up while at least one of its gateways is. A channel is a fixed set of gateways; it closes when
/// one of them is lost, and if others are left the next channel is already there.
/// </summary>
internal sealed partial class RegionLink : IRegionLink, IDisposable
{
    private readonly Lock _lock = new();
    private readonly LinkContext _context;
    private readonly ILogger _logger;
    private readonly ImmutableArray<GatewayWatch> _watches;

    // Changed under the lock. A channel that was superseded because a gateway joined stays open until a gateway of its own is lost.
    private readonly List<OpenChannel> _open = [];
    private ImmutableArray<GatewayClient> _clients = [];
    private TaskCompletionSource<RegionChannel> _up = NewSignal<RegionChannel>();
    private TaskCompletionSource _down = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _downSince;
    private bool _downIsLogged;

    private volatile RegionChannel? _channel;
    private volatile RoundTripMeter? _roundTrip;

    public RegionLink(LinkContext context, PeerOptions peer)
    {
        _context = context;
        _logger = context.Loggers.CreateLogger<RegionLink>();
        Peer = peer.Region;
        _watches = [.. peer.Gateways.Select(gateway => new GatewayWatch(context, peer.Region, gateway, this))];
        _downSince = context.Time.GetTimestamp();
        _down.SetResult();
    }

    public RegionId Peer { get; }

    public TimeSpan? RoundTrip => _roundTrip?.Last;

    /// <summary>The shortest round trip of the connection that was used last; null before the first.</summary>
    public TimeSpan? MinimumRoundTrip => _roundTrip?.Minimum;

    public string? DownReason => _channel is null ? DescribeDown() : null;

    public bool TryGetChannel([NotNullWhen(true)] out RegionChannel? channel)
    {
        channel = _channel;
        return channel is not null;
    }

    public Task<RegionChannel> WhenUpAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _up.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Completes when no channel is up (at once if none is).</summary>
    internal Task WhenDownAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _down.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Completes when at least so many gateways are connected.</summary>
    internal async Task WhenConnectedAsync(int gateways, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_clients.Length >= gateways)
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Keeps the link up from now on.</summary>
    internal void Start()
    {
        foreach (var watch in _watches)
        {
            watch.Start();
        }
    }

    /// <summary>Closes the link. Never fails.</summary>
    internal Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_watches.Select(watch => watch.StopAsync(cancellationToken)));

    /// <summary>Closes it without waiting.</summary>
    public void Dispose()
    {
        foreach (var watch in _watches)
        {
            watch.Dispose();
        }
    }

    internal void OnUp(GatewayClient client)
    {
        bool wasDown;
        lock (_lock)
        {
            wasDown = _channel is null;
            Publish(_clients.Add(client));
        }

        if (wasDown)
        {
            LogUp(Peer, client.RoundTrip.Last.TotalMilliseconds);
        }
    }

    /// <summary>Takes a client out of use. When it returns, no new call is sent through it and its channels are closed; then it may be stopped.</summary>
    /// <param name="client">The client. One that was never up is ignored.</param>
    /// <param name="expected">This process is stopping: nothing to tell the log.</param>
    internal void OnDown(GatewayClient client, bool expected)
    {
        OpenChannel[] closing;
        bool isDown;
        lock (_lock)
        {
            if (!_clients.Contains(client))
            {
                return;
            }

            closing = [.. _open.Where(channel => channel.Clients.Contains(client))];
            _open.RemoveAll(closing.Contains);
            Publish(_clients.Remove(client));
            isDown = _channel is null;
        }

        foreach (var channel in closing)
        {
            channel.Close();
        }

        if (isDown && !expected)
        {
            LogDown(Peer, DescribeGateways());
        }
    }

    /// <summary>Tells the log, once, of a peer that was not there from the beginning.</summary>
    internal void OnProblem()
    {
        lock (_lock)
        {
            if (_downIsLogged)
            {
                return;
            }

            _downIsLogged = true;
        }

        LogNotUp(DescribeDown());
    }

    private void Publish(ImmutableArray<GatewayClient> clients)
    {
        _clients = clients;
        _changed.SetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (clients.IsEmpty)
        {
            _downSince = _context.Time.GetTimestamp();
            _channel = null;
            _up = NewSignal<RegionChannel>();
            _down.TrySetResult();
            return;
        }

        var open = new OpenChannel(clients);
        _open.Add(open);
        _downIsLogged = true; // from here on, OnDown logs
        _roundTrip = clients[0].RoundTrip;
        _channel = open.Channel;
        if (!_up.TrySetResult(open.Channel))
        {
            _up = NewSignal<RegionChannel>();
            _up.SetResult(open.Channel);
        }

        if (_down.Task.IsCompleted)
        {
            _down = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private static TaskCompletionSource<T> NewSignal<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private string DescribeGateways() => string.Join(", or ", _watches.Select(watch => $"at {watch.Gateway}: {watch.Problem ?? "connecting"}"));

    private string DescribeDown()
    {
        var elapsed = _context.Time.GetElapsedTime(Interlocked.Read(ref _downSince));
        return string.Create(CultureInfo.InvariantCulture, $"no connection to {Peer} {DescribeGateways()}, for {elapsed.TotalSeconds:0.0} s");
    }

    [LoggerMessage(LogLevel.Information, "The link to {Peer} is up, round trip {RoundTripMs:0.0} ms")]
    private partial void LogUp(RegionId peer, double roundTripMs);

    [LoggerMessage(LogLevel.Information, "The link is not up yet: {Reason}")]
    private partial void LogNotUp(string reason);

    [LoggerMessage(LogLevel.Warning, "The link to {Peer} is down: no connection {Reason}")]
    private partial void LogDown(RegionId peer, string reason);
}
