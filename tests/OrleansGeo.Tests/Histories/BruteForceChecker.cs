namespace OrleansGeo.Tests.Histories;

/// <summary>Tries every order of a small history of one key. Slow, and too simple to be wrong.</summary>
internal static class BruteForceChecker
{
    public static bool IsLinearizable<TState, TInput, TOutput>(
        ISequentialModel<TState, TInput, TOutput> model, IReadOnlyList<Operation<TInput, TOutput>> history)
        where TState : struct, IEquatable<TState>
        where TOutput : class => Explain(model, model.Initial, history);

    private static bool Explain<TState, TInput, TOutput>(
        ISequentialModel<TState, TInput, TOutput> model, TState state, IReadOnlyList<Operation<TInput, TOutput>> rest)
        where TState : struct, IEquatable<TState>
        where TOutput : class => rest.All(static operation => operation.IsUnknown)
        || rest.Any(first =>
            rest.All(other => other.Returned >= first.Invoked)
            && model.TryStep(state, first, out var next)
            && Explain(model, next, [.. rest.Where(operation => !ReferenceEquals(operation, first))]));
}
