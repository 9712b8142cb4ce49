using System.Collections.Immutable;

namespace OrleansGeo.Tests.Histories;

/// <summary>
/// Depth-first search for an order of one key's operations (Wing and Gong 1993), which visits no configuration twice (Lowe 2017; as in
/// Porcupine).
/// </summary>
/// <remarks>
/// Three rules leave out most of the tree and no answer. A read that the state allows is placed at once: wherever it stood, it can be moved
/// there. An operation of unknown outcome is placed only right before one that needs it: else it could be left out as well, so an order
/// with the fewest of them obeys. And of such operations that ask for the same, the one invoked first is placed first.
/// </remarks>
/// <param name="model">What the object does.</param>
/// <param name="plan">The operations as they are searched.</param>
/// <param name="recorded">The same as they were recorded, for the verdict.</param>
/// <param name="limit">How many configurations may be visited.</param>
internal sealed class LinearizabilitySearch<TState, TInput, TOutput>(
    ISequentialModel<TState, TInput, TOutput> model, SearchPlan<TInput, TOutput> plan, Operation<TInput, TOutput>[] recorded, int limit)
    where TState : struct, IEquatable<TState>
    where TInput : notnull
    where TOutput : class
{
    private readonly HashSet<Configuration<TState>> _visited = [];
    private readonly HashSet<TState> _statesAtDeepest = [];
    private SearchStep<TState> _deepest = new(null, -1, new(0, UInt128.Zero, model.Initial, null));

    public Verdict<TInput, TOutput> Run()
    {
        if (plan.IsTooWide)
        {
            return Verdict(VerdictKind.GaveUp, $"More than {SearchPlan<TInput, TOutput>.Slots} operations were under way at once, those of unknown outcome included.", [], []);
        }

        var step = _deepest;
        Visit(step);
        while (step is not null)
        {
            if (step.At.Returned == plan.Returns.Length)
            {
                return Verdict(VerdictKind.Accepted, "It is linearizable.", Of(step.Path()), []);
            }

            if (_visited.Count >= limit)
            {
                return Unplaced(VerdictKind.GaveUp, $"No order was found within {limit} configurations.");
            }

            if (Next(step) is not { } next)
            {
                step = step.Parent;
            }
            else if (Visit(next))
            {
                step = next;
            }
        }

        var time = HistoryClock.Show(plan.Operations[plan.Returns[_deepest.At.Returned]].Returned);
        return Unplaced(
            VerdictKind.Refused,
            $"Before {time} it is linearizable, and leaves {string.Join(" or ", _statesAtDeepest.Take(8))}. By then the first of those under way has been answered or seen, and there is no place for it.");
    }

    private bool Visit(SearchStep<TState> step)
    {
        if (!_visited.Add(step.At))
        {
            return false;
        }

        if (step.At.Returned > _deepest.At.Returned)
        {
            _deepest = step;
            _statesAtDeepest.Clear();
        }

        if (step.At.Returned == _deepest.At.Returned)
        {
            _statesAtDeepest.Add(step.At.State);
        }

        return true;
    }

    private SearchStep<TState>? Next(SearchStep<TState> from)
    {
        var underWay = plan.UnderWay[from.At.Returned];
        while (from.Tried < underWay.Length)
        {
            var operation = underWay[from.Tried++];
            if (!IsNext(from.At, operation) || !model.TryStep(from.At.State, plan.Operations[operation], out var state))
            {
                continue;
            }

            if (plan.Reads[operation] && state.Equals(from.At.State))
            {
                from.Tried = underWay.Length;
            }

            if (from.At.Trial is not { } without || !model.TryStep(without, plan.Operations[operation], out var other) || !other.Equals(state))
            {
                return new(from, operation, Place(from.At, operation, state));
            }
        }

        return null;
    }

    private bool IsNext(in Configuration<TState> at, int operation) => (at.Placed & plan.BitOf(operation)) == 0
        && (plan.Twins[operation] is not { } twin || (at.Placed & plan.BitOf(twin)) != 0);

    private Configuration<TState> Place(in Configuration<TState> at, int operation, TState state)
    {
        var placed = at.Placed | plan.BitOf(operation);
        var returned = at.Returned;
        for (; returned < plan.Returns.Length && (placed & plan.BitOf(plan.Returns[returned])) != 0; returned++)
        {
            placed &= ~plan.BitOf(plan.Returns[returned]);
        }

        return new(returned, placed, state, plan.Operations[operation].IsUnknown ? at.State : null);
    }

    private Verdict<TInput, TOutput> Unplaced(VerdictKind kind, string reason)
    {
        var at = _deepest.At;
        var must = plan.Returns[at.Returned];
        var others = plan.UnderWay[at.Returned].Where(operation => operation != must && (at.Placed & plan.BitOf(operation)) == 0);
        return Verdict(kind, reason, Of(_deepest.Path()), Of(others.Prepend(must)));
    }

    private ImmutableArray<Operation<TInput, TOutput>> Of(IEnumerable<int> operations) => [.. operations.Select(operation => recorded[operation])];

    private Verdict<TInput, TOutput> Verdict(
        VerdictKind kind, string reason, ImmutableArray<Operation<TInput, TOutput>> placed, ImmutableArray<Operation<TInput, TOutput>> blocked) =>
        new(kind, recorded[0].Key, _visited.Count, reason, placed, blocked);
}
