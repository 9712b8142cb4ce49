namespace OrleansGeo.Runtime.Shards;

/// <summary>
/// Who is inside a shard that is about to leave this region, planned, or an entity that is about to leave the shard. A request is inside from its first effect on: an entry, or a call to
/// others. While the shard leaves, a request comes inside only if another one waits for it; one that may not comes again where the shard goes, and nothing happened. Once nobody is inside it
/// closes, and nobody comes inside any more. So a request over several entities runs once across a planned move.
/// </summary>
/// <remarks>Thread-safe: calls leave from any thread. A request that stays too long inside is not waited for: it is repeated, and finds what its calls did.</remarks>
internal sealed class Departures
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _inside = [];
    private readonly Dictionary<string, Leave> _entities = [];
    private Leave? _shard;
    private TaskCompletionSource? _left;

    /// <summary>Whether the entity is about to leave, alone or with its shard.</summary>
    public bool IsLeaving(string entity)
    {
        // Asked by every request of some classes: nearly always nothing leaves.
        if (_shard is null && _entities.Count == 0)
        {
            return false;
        }

        lock (_lock)
        {
            return _shard is not null || _entities.ContainsKey(entity);
        }
    }

    /// <summary>The shard, or one entity, is about to leave. A shard that had closed is open to requests again for which others wait.</summary>
    public void Announce(string? entity = null)
    {
        lock (_lock)
        {
            if (entity is null)
            {
                _shard = new();
                return;
            }

            if (!_entities.TryGetValue(entity, out var leave))
            {
                _entities[entity] = leave = new();
            }

            // Several may move it at once, and the first that gives up does not speak for the others.
            leave.Announced++;
        }
    }

    /// <summary>It left, or stays after all.</summary>
    public void Withdraw(string? entity = null)
    {
        lock (_lock)
        {
            if (entity is null)
            {
                _shard = null;
            }
            else if (_entities.TryGetValue(entity, out var leave) && --leave.Announced == 0)
            {
                _entities.Remove(entity);
            }
        }
    }

    /// <summary>A request is about to have its first effect.</summary>
    /// <param name="entity">The entity that it runs on.</param>
    /// <param name="mustFinish">Another request waits for it, or what it does cannot come again with it.</param>
    /// <returns>False: it has to come again. True: <see cref="Leaves"/> must follow.</returns>
    public bool TryEnter(string entity, bool mustFinish)
    {
        lock (_lock)
        {
            if (Refuses(_shard) || Refuses(_entities.GetValueOrDefault(entity)))
            {
                return false;
            }

            _inside[entity] = _inside.GetValueOrDefault(entity) + 1;
            return true;
        }

        bool Refuses(Leave? leave) => leave is not null && (leave.IsClosed || !mustFinish);
    }

    /// <summary>A request that was inside has its place in the log, or never will.</summary>
    public void Leaves(string entity)
    {
        lock (_lock)
        {
            if (_inside[entity]-- == 1)
            {
                _inside.Remove(entity);
                _left?.TrySetResult();
                _left = null;
            }
        }
    }

    /// <summary>Nobody comes inside the shard any more, whoever is: until <see cref="Withdraw"/>.</summary>
    public void Close()
    {
        lock (_lock)
        {
            (_shard ??= new()).IsClosed = true;
        }
    }

    /// <summary>Completes once nobody is inside the shard, or the entity, that was announced, or when the time is up; nobody comes inside from then on. Never throws.</summary>
    public async Task CloseAsync(string? entity, TimeSpan bound, TimeProvider time, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            var left = bound - time.GetElapsedTime(since);
            if (TryClose(entity, isUp: left <= TimeSpan.Zero || cancellationToken.IsCancellationRequested) is not { } someoneLeaves)
            {
                return;
            }

            await someoneLeaves.WaitAsync(left, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Closes in the very moment in which nobody is seen inside, so that nobody comes between the two.</summary>
    /// <returns>Null: it is closed. Otherwise: completes when a request leaves.</returns>
    private Task? TryClose(string? entity, bool isUp)
    {
        lock (_lock)
        {
            if (!isUp && (entity is null ? _inside.Count > 0 : _inside.ContainsKey(entity)))
            {
                return (_left ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            if ((entity is null ? _shard : _entities.GetValueOrDefault(entity)) is { } leave)
            {
                leave.IsClosed = true;
            }

            return null;
        }
    }

    private sealed class Leave
    {
        public int Announced { get; set; }

        public bool IsClosed { get; set; }
    }
}
