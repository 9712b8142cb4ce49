namespace OrleansGeo.Tests.Histories;

/// <summary>What concurrent clients did, in the order in which they were told. Safe for any number of threads.</summary>
internal sealed class History<TInput, TOutput>
    where TOutput : class
{
    private readonly Lock _gate = new();
    private readonly List<Operation<TInput, TOutput>> _operations = [];
    private readonly List<Waiter> _waiters = [];

    public HistoryClock Clock { get; } = new();

    public void Add(Operation<TInput, TOutput> operation)
    {
        lock (_gate)
        {
            _operations.Add(operation);
            _waiters.RemoveAll(waiter => waiter.Hears(operation));
        }
    }

    public IReadOnlyList<Operation<TInput, TOutput>> Snapshot()
    {
        lock (_gate)
        {
            return [.. _operations];
        }
    }

    /// <summary>Completes when, from now on, so many operations of a kind have been added.</summary>
    public Task WhenAsync(int count, Func<Operation<TInput, TOutput>, bool> isMeant)
    {
        var waiter = new Waiter(count, isMeant);
        lock (_gate)
        {
            _waiters.Add(waiter);
        }

        return waiter.Done;
    }

    private sealed class Waiter(int count, Func<Operation<TInput, TOutput>, bool> isMeant)
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _missing = count;

        public Task Done => _done.Task;

        public bool Hears(Operation<TInput, TOutput> operation) => isMeant(operation) && --_missing == 0 && _done.TrySetResult();
    }
}
