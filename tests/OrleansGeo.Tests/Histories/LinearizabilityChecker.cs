using System.Collections.Immutable;

namespace OrleansGeo.Tests.Histories;

/// <summary>Whether a concurrent history could have been made by an object that does one thing at a time (Herlihy and Wing 1990).</summary>
/// <remarks>
/// Linearizability is local: a history is linearizable if, and only if, that of every object is. So each key is searched by itself, by
/// <see cref="LinearizabilitySearch{TState, TInput, TOutput}"/>.
/// </remarks>
internal static class LinearizabilityChecker
{
    /// <summary>Configurations of one key, about 100 bytes each.</summary>
    public const int DefaultLimit = 2_000_000;

    /// <summary>The verdict on the first key that is not accepted, or on all.</summary>
    public static Verdict<TInput, TOutput> Check<TState, TInput, TOutput>(
        ISequentialModel<TState, TInput, TOutput> model, IEnumerable<Operation<TInput, TOutput>> history, int limit = DefaultLimit)
        where TState : struct, IEquatable<TState>
        where TInput : notnull
        where TOutput : class
    {
        var (keys, searched) = (0, 0);
        var order = ImmutableArray.CreateBuilder<Operation<TInput, TOutput>>();
        foreach (var key in history.GroupBy(static operation => operation.Key))
        {
            var recorded = key.ToArray();
            var plan = new SearchPlan<TInput, TOutput>(model.Sharpen(recorded), model.IsRead);
            var verdict = new LinearizabilitySearch<TState, TInput, TOutput>(model, plan, recorded, limit).Run();
            if (!verdict.IsAccepted)
            {
                return verdict;
            }

            (keys, searched) = (keys + 1, searched + verdict.Searched);
            order.AddRange(verdict.Placed);
        }

        return new(VerdictKind.Accepted, "all keys", searched, $"{order.Count} operations on {keys} keys are placed.", order.ToImmutable(), []);
    }
}
