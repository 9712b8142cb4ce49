namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>A call that changes a shard, on its way through the shard's queue.</summary>
internal abstract class ShardMutation(TransactionCost cost, bool canShare, CancellationToken cancellationToken)
{
    /// <summary>What it counts for against the limits of queue and transaction.</summary>
    public TransactionCost Cost { get; } = cost;

    /// <summary>Whether it may share a transaction with others.</summary>
    public bool CanShare { get; } = canShare;

    /// <summary>It has its answer already.</summary>
    public abstract bool IsDone { get; }

    protected CancellationToken CancellationToken { get; } = cancellationToken;

    public abstract Task<HeadState> PlanAsync(ShardPlan plan, HeadState head);

    /// <summary>Gives the answer of the plan that was made last.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception exception);
}

/// <inheritdoc cref="ShardMutation"/>
internal sealed class ShardMutation<T>(ShardStep<T> step, TransactionCost cost, bool canShare, CancellationToken cancellationToken)
    : ShardMutation(cost, canShare, cancellationToken)
{
    // The continuation is the caller's code: it must not hold up the queue.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _refusal;
    private T? _answer;

    public Task<T> Task => _completion.Task;

    public override bool IsDone => _completion.Task.IsCompleted;

    public override async Task<HeadState> PlanAsync(ShardPlan plan, HeadState head)
    {
        _refusal = null;
        if (CancellationToken.IsCancellationRequested)
        {
            _completion.TrySetCanceled(CancellationToken);
            return head;
        }

        try
        {
            (var next, _answer) = await step(plan, head).ConfigureAwait(false);
            return next;
        }
        catch (InvalidOperationException refusal)
        {
            // A rule's, which are asked before anything is planned.
            _refusal = refusal;
            return head;
        }
    }

    public override void Complete()
    {
        if (_refusal is not null)
        {
            _completion.TrySetException(_refusal);
        }
        else
        {
            _completion.TrySetResult(_answer!);
        }
    }

    public override void Fail(Exception exception) => _completion.TrySetException(exception);
}
