using OrleansGeo.Crdts;
using OrleansGeo.Runtime.States;

namespace OrleansGeo.Runtime.Checks;

/// <summary>What the type of a replicated state holds is kept, and can be merged where every region writes.</summary>
internal sealed class StateTypeCheck(StateShapes shapes) : IGrainClassCheck
{
    public IEnumerable<Finding> Look(GeoGrainClass grain) => grain.States.Where(StorageCheck.IsReplicated).SelectMany(state => Look(grain, state));

    private IEnumerable<Finding> Look(GeoGrainClass grain, GrainState state)
    {
        var isCrdt = typeof(ICrdt).IsAssignableFrom(state.Type);
        if (grain.Choices.MultiWriter && !isCrdt)
        {
            yield return new(state.Member, $"its type {state.Type} is not a CRDT, and states that every region writes must be merged. Use one of OrleansGeo.Crdts, or take MultiWriter off [GeoGrain].");
        }
        else if (!grain.Choices.MultiWriter && isCrdt)
        {
            yield return new(state.Member, $"its type {state.Type} is a CRDT, which only a multi-writer grain keeps. Set MultiWriter = true on [GeoGrain].");
        }
        else if (!isCrdt)
        {
            if (state.Type.IsAbstract)
            {
                yield return new(state.Member, $"its type {state.Type} is abstract, so that no first state can be made. Use a class.");
            }

            foreach (var problem in shapes.Of(state.Type).Problems)
            {
                yield return new($"{state.Member}, {problem.Member}", problem.Text);
            }
        }
    }
}
