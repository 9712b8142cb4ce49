using Orleans.Runtime;

namespace OrleansGeo.Testing;

/// <summary>Gives the constructor of a grain under test its <c>[PersistentState]</c> parameters.</summary>
internal sealed class GeoTestStateFactory(ITestStates states) : IPersistentStateFactory
{
    public IPersistentState<TState> Create<TState>(IGrainContext context, IPersistentStateConfiguration config) => states.Get<TState>(config.StateName);
}
