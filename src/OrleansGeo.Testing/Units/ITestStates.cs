namespace OrleansGeo.Testing;

/// <summary>The states of one grain under test, by name; made when they are asked for.</summary>
internal interface ITestStates
{
    GeoTestState<TState> Get<TState>(string name);
}
