namespace OrleansGeo.Tests.Infra;

/// <summary>A test that needs Bicep's compiler.</summary>
public sealed class BicepFactAttribute : FactAttribute
{
    public BicepFactAttribute() => Skip = Bicep.Missing;
}
