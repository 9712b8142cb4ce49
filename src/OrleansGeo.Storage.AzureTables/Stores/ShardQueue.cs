using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>The calls that change one shard, in the order in which they were made: taken in groups that may share a transaction, one group at a time.</summary>
internal sealed class ShardQueue(ShardId shard, StoreFailures failures, long limitBytes, Func<List<ShardMutation>, Task> commit, Action<Exception> onFailure)
{
    private readonly Lock _gate = new();
    private readonly List<ShardMutation> _queue = [];
    private long _queuedBytes;
    private bool _isRunning;
    private bool _isClosed;
    private Task _running = Task.CompletedTask;

    public Task<T> EnqueueAsync<T>(ShardMutation<T> mutation, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        lock (_gate)
        {
            if (_isClosed)
            {
                return Task.FromException<T>(new ObjectDisposedException(failures.Description));
            }

            if (_queuedBytes > limitBytes)
            {
                return Task.FromException<T>(failures.Unavailable($"has {_queuedBytes} bytes waiting for shard {shard}, past the limit QueuedBytes of {limitBytes}"));
            }

            _queue.Add(mutation);
            _queuedBytes += mutation.Cost.BodyBytes;
            if (!_isRunning)
            {
                _isRunning = true;
                _running = RunAsync();
            }
        }

        return cancellationToken.CanBeCanceled ? mutation.Task.WaitAsync(cancellationToken) : mutation.Task;
    }

    /// <summary>Refuses further calls, and waits for those that were made.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _isClosed = true;
            return _running;
        }
    }

    private async Task RunAsync()
    {
        // Never on the stack of a caller, which holds the gate.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (Take() is { Count: > 0 } group)
        {
            try
            {
                await commit(group).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                onFailure(exception);
                Fail(group, exception);
            }
        }
    }

    /// <summary>The next call, and those after it that share its transaction.</summary>
    private List<ShardMutation> Take()
    {
        lock (_gate)
        {
            var (count, cost) = (0, ShardPlan.HeadCost + ShardPlan.HeadCost);
            while (count < _queue.Count)
            {
                cost += _queue[count].Cost;
                if (count > 0 && !(_queue[count].CanShare && _queue[0].CanShare && cost.Fits))
                {
                    break;
                }

                _queuedBytes -= _queue[count++].Cost.BodyBytes;
            }

            var group = _queue.GetRange(0, count);
            _queue.RemoveRange(0, count);
            _isRunning = count > 0;
            return group;
        }
    }

    /// <summary>While the account does not answer, what waits fails with the group: each would only wait for it in its turn.</summary>
    private void Fail(List<ShardMutation> group, Exception exception)
    {
        if (exception is RegionStoreException { Failure: RegionStoreFailure.Unavailable })
        {
            lock (_gate)
            {
                group.AddRange(_queue);
                _queue.Clear();
                _queuedBytes = 0;
            }
        }

        foreach (var mutation in group)
        {
            mutation.Fail(exception);
        }
    }
}
