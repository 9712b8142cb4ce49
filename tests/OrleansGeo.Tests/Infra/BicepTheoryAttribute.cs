namespace OrleansGeo.Tests.Infra;

/// <summary>A theory that needs Bicep's compiler.</summary>
public sealed class BicepTheoryAttribute : TheoryAttribute
{
    public BicepTheoryAttribute() => Skip = Bicep.Missing;
}
