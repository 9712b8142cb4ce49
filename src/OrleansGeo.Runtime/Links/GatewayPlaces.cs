using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Links;

/// <summary>Where one gateway may be dialled: its address, or in turn those that its host name leads to. Asked by one watch; described to any thread.</summary>
/// <remarks>A name that cannot be looked up any more leaves the addresses known before in use: a link must not need the DNS to come back to where it was.</remarks>
internal sealed partial class GatewayPlaces(LinkContext context, RegionId peer, GatewayAddress gateway)
{
    private readonly ILogger _logger = context.Loggers.CreateLogger<GatewayPlaces>();
    private readonly HashSet<IPAddress> _tried = [];
    private volatile IPAddress[] _known = [];
    private volatile string? _problem;
    private IPAddress? _last;
    private long? _lookedUp;

    /// <summary>The last place that was asked for begins a round: every other one was dialled in vain before.</summary>
    public bool StartsOver { get; private set; }

    /// <summary>The next place to dial: each once before any comes again, first the one that was connected last.</summary>
    /// <exception cref="IOException">The name does not resolve, and never did.</exception>
    public async Task<IPEndPoint> NextAsync(CancellationToken cancellationToken)
    {
        if (gateway.EndPoint is { } place)
        {
            return place;
        }

        if (_lookedUp is not { } at || context.Time.GetElapsedTime(at) >= context.Options.ResolveInterval)
        {
            await LookUpAsync(cancellationToken);
        }

        if (_known.Length == 0)
        {
            throw new IOException(_problem);
        }

        if (_known.All(_tried.Contains))
        {
            _tried.Clear();
        }

        StartsOver = _tried.Count == 0;
        var next = _known.OrderBy(address => !address.Equals(_last)).First(address => !_tried.Contains(address));
        _tried.Add(next);
        return new(next, gateway.Port);
    }

    /// <summary>A connection was made. When it ends, the name may lead elsewhere.</summary>
    public void Connected(IPEndPoint place)
    {
        _last = place.Address;
        _lookedUp = null;
        _tried.Clear();
    }

    /// <summary>The gateway as it is configured and, of a name, what it leads to.</summary>
    public override string ToString() => _known is { Length: > 0 } known
        ? $"{gateway} ({string.Join(", ", known.AsEnumerable())}{(_problem is { } problem ? $"; {problem}" : "")})"
        : gateway.ToString();

    private async Task LookUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            var found = await context.Names.LookUpAsync(gateway.Host, cancellationToken).WaitAsync(context.Options.ConnectTimeout, context.Time, cancellationToken);
            Learn(found.Length > 0 ? found : throw new SocketException((int)SocketError.NoData));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var isNews = _problem is null;
            _problem = $"the name does not resolve ({ConnectFailure.Describe(exception)})";
            if (isNews)
            {
                LogUnknown(gateway, peer, _problem);
            }
        }

        _lookedUp = context.Time.GetTimestamp();
    }

    private void Learn(IPAddress[] found)
    {
        var isNews = _problem is not null || (_known.Length > 0 && !_known.ToHashSet().SetEquals(found));
        (_known, _problem) = (found, null);
        if (isNews)
        {
            LogFound(gateway, peer, string.Join(", ", found.AsEnumerable()));
        }
    }

    [LoggerMessage(LogLevel.Warning, "Gateway {Gateway} of {Peer} cannot be found: {Problem}. It is looked up again and again; check the name, and this machine's DNS.")]
    private partial void LogUnknown(GatewayAddress gateway, RegionId peer, string problem);

    [LoggerMessage(LogLevel.Information, "Gateway {Gateway} of {Peer} is at {Addresses} now.")]
    private partial void LogFound(GatewayAddress gateway, RegionId peer, string addresses);
}
