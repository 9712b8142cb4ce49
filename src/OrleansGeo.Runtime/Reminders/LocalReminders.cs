using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Loops;
using OrleansGeo.Runtime.Shards;

namespace OrleansGeo.Runtime.Reminders;

/// <summary>The reminders of the shards that are at home on this silo: fired here, since a shard's entities are here, and nowhere else.</summary>
internal sealed class LocalReminders : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<HomeShard, ShardReminders> _homes = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly IGrainFactory _grains;
    private readonly IOptions<GeoLimits> _limits;
    private readonly TimeProvider _time;
    private readonly BackgroundLoops _loops;
    private readonly ILogger<ShardReminders> _logger;

    public LocalReminders(LocalShards locals, IGrainFactory grains, IOptions<GeoLimits> limits, TimeProvider time, BackgroundLoops loops, ILogger<ShardReminders> logger)
    {
        (_grains, _limits, _time, _loops, _logger) = (grains, limits, time, loops, logger);
        locals.Added += (_, shard) =>
        {
            if (shard is HomeShard home)
            {
                Of(home);
            }
        };
    }

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(LocalReminders), ServiceLifecycleStage.Active, static _ => Task.CompletedTask, StopAsync);

    /// <summary>The reminders of a home. A request may come before it was told of.</summary>
    public ShardReminders Of(HomeShard home)
    {
        var reminders = _homes.GetOrAdd(home, static (home, self) => new(home, self._grains, self._limits.Value, self._time, self._loops, self._logger, self._stopping.Token), this);
        if (reminders.TryStart())
        {
            reminders.Completion.ContinueWith(_ => _homes.TryRemove(home, out ShardReminders? _), TaskScheduler.Default);
        }

        return reminders;
    }

    /// <summary>No tick is sent from here on; those under way get a moment to end.</summary>
    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Task.WhenAny(Task.WhenAll(_homes.Values.Select(static reminders => reminders.Completion)), Task.Delay(Patience, _time, cancellationToken));
    }
}
