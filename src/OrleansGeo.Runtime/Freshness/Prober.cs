using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Loops;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.Freshness;

/// <summary>
/// Measures staleness: asks every other region again and again where the logs stand that are at home there, and tells the replicas on this silo.
/// One probe for each pair of regions, for all shards.
/// </summary>
internal sealed class Prober : ILifecycleParticipant<ISiloLifecycle>
{
    private readonly LocalShards _locals;
    private readonly CurrentTopology _topology;
    private readonly RowProgress _rows;
    private readonly StalenessGauge _gauge;
    private readonly LeaseClock _clock;
    private readonly Answer?[] _answers;
    private readonly Dictionary<RegionId, BackgroundLoop> _loops;

    public Prober(
        LocalShards locals,
        CurrentTopology topology,
        IRegionLinks links,
        RowProgress rows,
        StalenessGauge gauge,
        LeaseClock clock,
        BackgroundLoops loops,
        IOptions<GeoOptions> options,
        ILogger<Prober> logger)
    {
        (_locals, _topology, _rows, _gauge, _clock) = (locals, topology, rows, gauge, clock);
        _answers = new Answer?[topology.Value.Map.Total];
        var interval = options.Value.ProbeInterval;
        _loops = links.All.ToDictionary(static link => link.Peer, link => loops.CreatePeriodic(Probing(link.Peer, interval), interval, stop => AskAsync(link, stop), logger));
    }

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(Prober), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    /// <summary>Asks a region as soon as an answer under way has come.</summary>
    public void AskNow(RegionId region) => _loops[region].Wake();

    private static LoopConfig Probing(RegionId peer, TimeSpan interval) => new()
    {
        Name = "probe",
        Of = $"of {peer}",
        Effect = $"what is read here of the shards that are at home in {peer} gets staler, and reads that bound their staleness go there instead",
        FirstPause = interval,
        LongestPause = 2 * interval,

        // A peer that has just started, and one whose silos change.
        Tolerance = TimeSpan.FromSeconds(1),
    };

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _locals.Added += Tell;
        foreach (var loop in _loops.Values)
        {
            loop.Start();
        }

        return Task.CompletedTask;
    }

    private Task StopAsync(CancellationToken cancellationToken)
    {
        _locals.Added -= Tell;
        return Task.WhenAll(_loops.Values.Select(loop => loop.StopAsync(cancellationToken)));
    }

    private async Task AskAsync(IRegionLink link, CancellationToken stop)
    {
        var channel = await link.WhenUpAsync(stop);
        try
        {
            var asked = _clock.Now;
            var reply = await channel.Grains.GetGrain<IProbeGrain>(ProbeGrain.Anywhere).Ask().AsTask().WaitAsync(stop);
            _gauge.Answered(link.Peer, asked);
            Learn(asked, reply);
            _rows.Reported(_topology.Value.Regions.IndexOf(link.Peer), reply.Rows);
        }
        catch (Exception) when (channel.Closed.IsCancellationRequested)
        {
            // The link was cut, which is its own to tell: the next step waits for the next one.
        }
    }

    private void Learn(TimeSpan asked, ProbeReply reply)
    {
        for (var i = 0; i < reply.Shards.Length; i++)
        {
            var index = reply.Shards[i];
            if (index >= 0 && index < _answers.Length)
            {
                var answer = new Answer(asked, new(reply.Epochs[i], new(reply.Positions[i])));
                Volatile.Write(ref _answers[index], answer);
                if (_locals.TryGet(index, out var shard))
                {
                    Tell(shard, answer);
                }
            }
        }
    }

    /// <summary>A replica that opens: what its home said last counts for it too.</summary>
    private void Tell(int index, Shard shard)
    {
        if (Volatile.Read(ref _answers[index]) is { } answer)
        {
            Tell(shard, answer);
        }
    }

    private static void Tell(Shard shard, Answer answer) => (shard as ReplicaShard)?.Answered(answer.Asked, answer.Position);

    private sealed record Answer(TimeSpan Asked, RecordVersion Position);
}
