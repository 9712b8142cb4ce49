using OrleansGeo.World.Azurite;

namespace OrleansGeo.Tests.World.Azurite;

/// <summary>A test that needs the Azure Storage emulator.</summary>
public sealed class AzuriteFactAttribute : FactAttribute
{
    public AzuriteFactAttribute() => Skip = AzuriteInstall.Missing;
}
