namespace OrleansGeo.Tests.Histories;

/// <summary>What an object does when nothing is concurrent: the meaning of its operations.</summary>
internal interface ISequentialModel<TState, TInput, TOutput>
    where TState : struct, IEquatable<TState>
    where TOutput : class
{
    TState Initial { get; }

    /// <summary>
    /// Whether the operation may be answered as it was in this state, and the state that it leaves. One of unknown outcome takes whatever
    /// effect the state allows.
    /// </summary>
    bool TryStep(TState state, Operation<TInput, TOutput> operation, out TState next);

    /// <summary>Whether, answered as it was, it changes no state: such an operation can be placed at the first moment that allows it.</summary>
    bool IsRead(Operation<TInput, TOutput> operation);

    /// <summary>
    /// One key's operations, in the same order, with what the others tell of those of unknown outcome. Must not change whether the history
    /// is linearizable.
    /// </summary>
    IReadOnlyList<Operation<TInput, TOutput>> Sharpen(IReadOnlyList<Operation<TInput, TOutput>> history) => history;
}
