using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Metadata;
using Orleans.Runtime;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Links;

/// <summary>
/// One Orleans client of one gateway of a peer region, in a container of its own (Orleans allows one client per container, and
/// none beside a silo). It waits for the gateway to come up, and ends for good when its connection does.
/// </summary>
/// <remarks>
/// One client per gateway, not one for all of them: a client does not know which calls were sent through a connection that broke,
/// and leaves them to their response timeout. Stopping the client fails exactly the calls that went through its gateway.
/// </remarks>
internal sealed class GatewayClient : IClusterConnectionStatusObserver, IClientConnectionRetryFilter, IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(1);

    private readonly LinkContext _context;
    private readonly Action<string> _report;
    private readonly Func<CancellationToken, Task<bool>> _isWorthAnother;
    private readonly OpenConnections _connections = new();
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _handshake;
    private readonly ServiceProvider _services;
    private readonly IHostedService[] _parts;
    private ILinkGrain? _heart;
    private volatile bool _started;
    private volatile bool _connected;

    /// <param name="context">What all links share.</param>
    /// <param name="peer">The region of the gateway.</param>
    /// <param name="gateway">The gateway.</param>
    /// <param name="report">Told, in words, why an attempt to connect failed.</param>
    /// <param name="isWorthAnother">Asked then, and again after each further failure: waits as long as it takes until this gateway should be dialled again, or says that it should not.</param>
    public GatewayClient(LinkContext context, RegionId peer, IPEndPoint gateway, Action<string> report, Func<CancellationToken, Task<bool>> isWorthAnother)
    {
        _context = context;
        _report = report;
        _isWorthAnother = isWorthAnother;
        Peer = peer;
        _handshake = new CancellationTokenSource(Timeout.InfiniteTimeSpan, context.Time);

        var services = new ServiceCollection();
        services.AddSingleton<Microsoft.Extensions.Logging.ILoggerFactory>(new DebugLoggerFactory(context.Loggers));
        services.AddSingleton(context.Time);
        services.AddOrleansClient(client => Configure(client, gateway));
        _services = services.BuildServiceProvider();
        _parts = [.. _services.GetServices<IHostedService>()];
        ReferenceRuntime = _services.GetRequiredService<IGrainReferenceRuntime>();
        Grains = _services.GetRequiredService<IClusterClient>();
    }

    public RegionId Peer { get; }

    public IGrainReferenceRuntime ReferenceRuntime { get; }

    public IGrainFactory Grains { get; }

    /// <summary>Of every silo of the peer's cluster, as its gateway told last.</summary>
    public IEnumerable<GrainManifest> Manifests => _services.GetRequiredService<IClusterManifestProvider>().Current.Silos.Values;

    public RoundTripMeter RoundTrip { get; } = new();

    /// <summary>Completes when the connection, once it was up, has ended.</summary>
    public Task Lost => _lost.Task;

    /// <summary>Completes when the gateway has answered a first heartbeat. Waits for a gateway that refuses; gives up one that is silent.</summary>
    /// <exception cref="TimeoutException">The gateway was connected to, and did not answer within <see cref="RegionLinkOptions.ConnectTimeout"/>.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _handshake.Token);
        try
        {
            foreach (var part in _parts)
            {
                // Orleans awaits the peer's manifest without a token; stopping the client completes the task that is left behind.
                await part.StartAsync(attempt.Token).WaitAsync(attempt.Token);
            }

            // Only now: which grain class implements an interface is in the peer's manifest.
            _heart = Grains.GetGrain<ILinkGrain>(0);
            await PingAsync().WaitAsync(attempt.Token);
        }
        catch (OperationCanceledException) when (_handshake.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"connected, but no answer within {_context.Options.ConnectTimeout.TotalSeconds:0.#} s (a silo answers only at the address that it advertises)");
        }

        _started = true;
        if (!_connected)
        {
            _lost.TrySetResult();
        }
    }

    /// <summary>A heartbeat: measures the round trip. Has no timeout of its own.</summary>
    public async Task PingAsync()
    {
        var sent = _context.Time.GetTimestamp();
        try
        {
            await _heart!.Ping();
        }
        catch (GatewayTooBusyException)
        {
            // A gateway that sheds load is alive, and said so.
        }

        RoundTrip.Observe(_context.Time.GetElapsedTime(sent));
    }

    /// <summary>Fails every call in flight at once, without waiting for the peer, and lets go of everything within a few seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        // Closing the sockets ourselves makes stopping independent of the peer, also where Orleans' own stop would not reach them
        // (a start that was given up half-way).
        _connections.Abort();
        using var bound = new CancellationTokenSource(StopTimeout, _context.Time);
        foreach (var part in _parts.Reverse())
        {
            await Quietly(part.StopAsync(bound.Token).WaitAsync(bound.Token));
        }

        await Quietly(_services.DisposeAsync().AsTask().WaitAsync(StopTimeout, _context.Time));
        _handshake.Dispose();
    }

    void IClusterConnectionStatusObserver.NotifyGatewayCountChanged(int currentNumberOfGateways, int previousNumberOfGateways, bool connectionRecovered)
    {
        _connected = currentNumberOfGateways > 0;
        if (_connected && !_started)
        {
            _handshake.CancelAfter(_context.Options.ConnectTimeout);
        }
        else if (!_connected && _started)
        {
            _lost.TrySetResult();
        }
    }

    void IClusterConnectionStatusObserver.NotifyClusterConnectionLost()
    {
        // NotifyGatewayCountChanged says the same.
    }

    async Task<bool> IClientConnectionRetryFilter.ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        _report(ConnectFailure.Describe(exception));
        try
        {
            return await _isWorthAnother(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task Quietly(Task stopping)
    {
        // What goes wrong while a connection is being given up has no one to act on it; the inner client's log has it.
        await stopping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Configure(IClientBuilder client, IPEndPoint gateway)
    {
        client.Configure<ClusterOptions>(cluster =>
        {
            cluster.ClusterId = Peer.Name;
            cluster.ServiceId = _context.ServiceId;
        });
        client.UseStaticClustering(gateway);
        client.Configure<ConnectionOptions>(connection =>
        {
            connection.OpenConnectionTimeout = _context.Options.ConnectTimeout;

            // Must have passed when the next attempt is made: Orleans answers earlier ones with this delay instead of the reason.
            connection.ConnectionRetryDelay = _context.Options.RedialInterval / 2;
        });

        // Buckets spread grains over gateways, and there is one.
        client.Configure<ClientMessagingOptions>(messaging => messaging.ClientSenderBuckets = 1);
        client.UseConnectionRetryFilter(this);
        client.AddClusterConnectionStatusObserver(this);
        client.Configure<ClientConnectionOptions>(connection =>
        {
            connection.ConfigureConnection(_connections.Track);
            if (_context.Shaper is { } shaper)
            {
                connection.ConfigureConnection(builder => shaper.ShapeOutbound(builder, Peer));
            }
        });
        _context.Options.ConfigureClient?.Invoke(client);
    }
}
