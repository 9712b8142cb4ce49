using OrleansGeo.World.Azurite;

namespace OrleansGeo.Tests.World.Azurite;

/// <summary>A theory that needs the Azure Storage emulator.</summary>
public sealed class AzuriteTheoryAttribute : TheoryAttribute
{
    public AzuriteTheoryAttribute() => Skip = AzuriteInstall.Missing;
}
