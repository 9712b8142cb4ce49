namespace OrleansGeo.Storage.Sqlite;

/// <summary>A mutation on its way through the writer: executed inside a transaction, told its answer after the commit.</summary>
internal abstract class Mutation(long bytes)
{
    /// <summary>What it counts for against the limits of queue and transaction.</summary>
    public long Bytes { get; } = bytes;

    /// <summary>Runs it and keeps the answer. May run again, after a rollback.</summary>
    /// <exception cref="Exception">The transaction cannot go on.</exception>
    public abstract void Execute(WriteSession session);

    public abstract void Complete();

    public abstract void Fail(Exception exception);
}

/// <inheritdoc cref="Mutation"/>
internal sealed class Mutation<T>(Func<WriteSession, T> run, long bytes, CancellationToken cancellationToken) : Mutation(bytes)
{
    // The continuation is the caller's code: it must not run on the writer's thread.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _refusal;
    private T? _answer;

    public Task<T> Task => _completion.Task;

    public override void Execute(WriteSession session)
    {
        _refusal = null;
        var writes = session.Writes;
        if (cancellationToken.IsCancellationRequested)
        {
            _refusal = new OperationCanceledException(cancellationToken);
            return;
        }

        try
        {
            _answer = run(session);
        }
        catch (Exception refusal) when (refusal is not RegionStoreException && session.Writes == writes)
        {
            _refusal = refusal;
        }
    }

    public override void Complete()
    {
        if (_refusal is OperationCanceledException)
        {
            _completion.TrySetCanceled(cancellationToken);
        }
        else if (_refusal is not null)
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
