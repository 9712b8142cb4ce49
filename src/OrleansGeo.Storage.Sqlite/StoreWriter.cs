using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage.Sqlite;

/// <summary>The one writer of a store: a thread that takes what waits into one transaction, commits it, and answers in order.</summary>
/// <remarks>
/// Group commit without a delay of its own: while a commit waits for the disk the next group gathers. Any number of threads enqueue; only
/// the writer's thread touches the session.
/// </remarks>
internal sealed class StoreWriter : IAsyncDisposable
{
    private const int MaxYields = 16;

    private readonly Lock _gate = new();
    private readonly AutoResetEvent _arrived = new(initialState: false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WriteSession _session;
    private readonly StoreFile _file;
    private readonly SqliteStoreOptions _options;
    private readonly Action<ShardId, long> _onNewShard;
    private readonly Action<Exception> _onFailure;
    private readonly List<Mutation> _group = [];
    private List<Mutation> _queue = [];
    private List<Mutation> _taken = [];
    private long _queuedBytes;
    private int _lastGroup;
    private bool _closing;

    public StoreWriter(
        WriteSession session, StoreFile file, SqliteStoreOptions options, Action<ShardId, long> onNewShard, Action<Exception> onFailure)
    {
        _session = session;
        _file = file;
        _options = options;
        _onNewShard = onNewShard;
        _onFailure = onFailure;
        new Thread(Run) { Name = "store " + Path.GetFileName(file.Path), IsBackground = true }.Start();
    }

    public Task<T> Enqueue<T>(long bytes, Func<WriteSession, T> run, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        var mutation = new Mutation<T>(run, bytes, cancellationToken);
        lock (_gate)
        {
            if (_closing)
            {
                return Task.FromException<T>(new ObjectDisposedException(_file.Description));
            }

            if (_queuedBytes > _options.QueuedBytes)
            {
                return Task.FromException<T>(_file.Failure(
                    RegionStoreFailure.Unavailable,
                    $"has {_queuedBytes} bytes waiting to be written, past the limit QueuedBytes of {_options.QueuedBytes}",
                    "Repeat the call later; if it stays so, the disk is too slow for this load"));
            }

            _queue.Add(mutation);
            _queuedBytes += bytes;
            if (_queue.Count == 1)
            {
                _arrived.Set();
            }
        }

        return cancellationToken.CanBeCanceled ? mutation.Task.WaitAsync(cancellationToken) : mutation.Task;
    }

    /// <summary>Writes what is queued, then closes the session.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closing = true;
            _arrived.Set();
        }

        await _ended.Task;
        _arrived.Dispose();
    }

    private void Run()
    {
        try
        {
            while (Take(wait: true))
            {
                CommitGroup();
            }

            _session.MergeLog();
        }
        catch (Exception exception)
        {
            // Only merging can throw. What was answered is durable without it, and the next open does it.
            _onFailure(exception);
        }
        finally
        {
            _session.Dispose();
            _ended.SetResult();
        }
    }

    /// <summary>Moves what is queued to <see cref="_taken"/>.</summary>
    /// <returns>Whether there is any; with <paramref name="wait"/>, false only at the end.</returns>
    private bool Take(bool wait)
    {
        _taken.Clear();
        while (true)
        {
            lock (_gate)
            {
                if (_queue.Count > 0)
                {
                    (_queue, _taken) = (_taken, _queue);
                    _queuedBytes = 0;
                    return true;
                }

                if (!wait || _closing)
                {
                    return false;
                }
            }

            _arrived.WaitOne();
        }
    }

    private void CommitGroup()
    {
        _group.Clear();
        try
        {
            Gather();
            _session.Commit(_onNewShard);
        }
        catch (Exception exception)
        {
            Recover(exception);
            return;
        }

        Answer();
    }

    /// <summary>Executes what was taken and what arrives meanwhile.</summary>
    private void Gather()
    {
        var bytes = 0L;
        do
        {
            var start = _group.Count;
            _group.AddRange(_taken);
            for (var i = start; i < _group.Count; i++)
            {
                _group[i].Execute(_session);
                bytes += _group[i].Bytes;
            }
        }
        while (bytes < _options.TransactionBytes && TakeMore());

        _lastGroup = _group.Count;
    }

    /// <summary>
    /// Takes what arrived meanwhile. The callers of a large group come back one by one, so after one the writer lets them run first:
    /// without it every other group would hold a single mutation and cost a whole commit.
    /// </summary>
    private bool TakeMore()
    {
        if (Take(wait: false))
        {
            return true;
        }

        for (var i = 0; i < MaxYields && _group.Count < _lastGroup / 2; i++)
        {
            Thread.Yield();
            if (Take(wait: false))
            {
                return true;
            }
        }

        return false;
    }

    private void Recover(Exception exception)
    {
        Rollback();
        if (_group.Count > 1 && exception is not RegionStoreException { Failure: RegionStoreFailure.Unavailable })
        {
            CommitOneByOne();
            return;
        }

        _onFailure(exception);
        foreach (var mutation in _group)
        {
            mutation.Fail(exception);
        }
    }

    /// <summary>A roll-back that fails is repeated by the next mutation, which cannot begin a transaction before.</summary>
    private void Rollback()
    {
        try
        {
            _session.Rollback();
        }
        catch (RegionStoreException exception)
        {
            _onFailure(exception);
        }
    }

    /// <summary>Damage in one shard must not fail the others that shared a transaction with it.</summary>
    private void CommitOneByOne()
    {
        foreach (var mutation in _group)
        {
            try
            {
                mutation.Execute(_session);
                _session.Commit(_onNewShard);
                mutation.Complete();
            }
            catch (Exception exception)
            {
                Rollback();
                _onFailure(exception);
                mutation.Fail(exception);
            }
        }
    }

    private void Answer()
    {
        foreach (var mutation in _group)
        {
            mutation.Complete();
        }
    }
}
