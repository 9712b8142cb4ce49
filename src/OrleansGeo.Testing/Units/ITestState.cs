namespace OrleansGeo.Testing;

/// <summary>A state of a grain under test, whatever its type.</summary>
internal interface ITestState
{
    /// <summary>Makes the state object anew of what is stored, as an activation does.</summary>
    void Reload();
}
