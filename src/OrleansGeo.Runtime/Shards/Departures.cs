namespace OrleansGeo.Runtime.Shards;

/// <summary>
/// Requests that act on others, in a shard that is about to leave this region, planned, or on an entity that is about to leave the shard: one that has not called out yet comes
/// again where it goes, and nothing happened; one that has called out finishes here. So a request over several entities runs once across a planned move.
/// </summary>
/// <remarks>Thread-safe: calls leave from any thread. Whoever stays too long inside is not waited for: its request is repeated, and finds what its calls did.</remarks>
internal sealed class Departures
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _callers = [];
    private readonly HashSet<string> _leaving = [];
    private bool _isAllLeaving;
    private TaskCompletionSource? _ended;

    /// <summary>Whether the entity is about to leave, alone or with its shard.</summary>
    public bool IsLeaving(string entity)
    {
        lock (_lock)
        {
            return _isAllLeaving || _leaving.Contains(entity);
        }
    }

    /// <summary>The shard, or one entity, is about to leave.</summary>
    public void Announce(string? entity = null)
    {
        lock (_lock)
        {
            _isAllLeaving |= entity is null;
            if (entity is not null)
            {
                _leaving.Add(entity);
            }
        }
    }

    /// <summary>It left, or stays after all.</summary>
    public void Withdraw(string? entity = null)
    {
        lock (_lock)
        {
            _isAllLeaving &= entity is not null;
            if (entity is not null)
            {
                _leaving.Remove(entity);
            }
        }
    }

    /// <summary>A request calls out for the first time.</summary>
    /// <param name="entity">The entity that it runs on.</param>
    /// <param name="mustFinish">It cannot come again as if nothing had happened, or another request waits for it that has called out.</param>
    /// <returns>False: it has to come again. True: <see cref="Ended"/> must follow.</returns>
    public bool TryCallOut(string entity, bool mustFinish)
    {
        lock (_lock)
        {
            if (!mustFinish && (_isAllLeaving || _leaving.Contains(entity)))
            {
                return false;
            }

            _callers[entity] = _callers.GetValueOrDefault(entity) + 1;
            return true;
        }
    }

    /// <summary>A request that had called out ended.</summary>
    public void Ended(string entity)
    {
        lock (_lock)
        {
            if (_callers[entity]-- == 1)
            {
                _callers.Remove(entity);
                _ended?.TrySetResult();
                _ended = null;
            }
        }
    }

    /// <summary>Completes when no request that has called out is inside, or when the time is up. Never throws.</summary>
    public async Task WhenEndedAsync(string? entity, TimeSpan bound, TimeProvider time, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested && NextEnd(entity) is { } end && bound - time.GetElapsedTime(since) is { Ticks: > 0 } left)
        {
            await end.WaitAsync(left, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task? NextEnd(string? entity)
    {
        lock (_lock)
        {
            return (entity is null ? _callers.Count == 0 : !_callers.ContainsKey(entity))
                ? null
                : (_ended ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }
}
