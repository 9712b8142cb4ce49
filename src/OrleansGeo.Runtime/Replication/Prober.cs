using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.World;

namespace OrleansGeo.Runtime.Replication;

/// <summary>
/// Measures staleness: asks every other region again and again where the logs stand that are at home there, and tells the replicas on this silo.
/// One probe for each pair of regions, for all shards.
/// </summary>
internal sealed partial class Prober(
    LocalShards locals, CurrentTopology topology, IRegionLinks links, RowProgress rows, StalenessGauge gauge, LeaseClock clock, IOptions<GeoOptions> options, ILogger<Prober> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Answer?[] _answers = new Answer?[topology.Value.Map.Total];
    private readonly Dictionary<RegionId, Signal> _wanted = links.All.ToDictionary(static link => link.Peer, static _ => new Signal());
    private Task _loops = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(Prober), ServiceLifecycleStage.Active, Start, StopAsync);

    private Task Start(CancellationToken cancellationToken)
    {
        locals.Added += Tell;
        _loops = Task.WhenAll(links.All.Select(link => Task.Run(() => RunAsync(link), CancellationToken.None)));
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        locals.Added -= Tell;
        await _stopping.CancelAsync();
        await _loops.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Asks a region as soon as an answer under way has come.</summary>
    public void AskNow(RegionId region) => _wanted[region].Set();

    private async Task RunAsync(IRegionLink link)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var channel = await link.WhenUpAsync(_stopping.Token);
                var asked = clock.Now;
                var reply = await channel.Grains.GetGrain<IProbeGrain>(ProbeGrain.Anywhere).Ask().AsTask().WaitAsync(_stopping.Token);
                gauge.Answered(link.Peer, asked);
                Learn(asked, reply);
                rows.Reported(topology.Value.Regions.IndexOf(link.Peer), reply.Rows);
            }
            catch (Exception exception)
            {
                if (!_stopping.IsCancellationRequested)
                {
                    LogFailed(logger, link.Peer, exception.Message);
                }
            }

            await _wanted[link.Peer].WaitAsync(options.Value.ProbeInterval, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
                if (locals.TryGet(index, out var shard))
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

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Peer} did not say where its logs stand and is asked again: {Problem}")]
    private static partial void LogFailed(ILogger logger, RegionId peer, string problem);

    private sealed record Answer(TimeSpan Asked, RecordVersion Position);
}
