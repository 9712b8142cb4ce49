using System.Reflection;
using Orleans.Metadata;
using Orleans.Placement;

namespace OrleansGeo.Runtime.Checks;

/// <summary>
/// Sets what the gate depends on after all attributes have said what they want, whatever their order on the class: every geo grain takes requests beside
/// each other, so that its gate decides; is on its shard's silo; and stays there when Orleans balances activations.
/// </summary>
/// <remarks>Orleans asks its providers in the order of their registration, its own of attributes first.</remarks>
internal sealed class LastGrainProperties : IGrainPropertiesProvider
{
    public void Populate(Type grainClass, GrainType grainType, Dictionary<string, string> properties)
    {
        if (grainClass.GetCustomAttribute<GeoGrainAttribute>(inherit: true) is null)
        {
            return;
        }

        properties[WellKnownGrainTypeProperties.Reentrant] = "true";
        properties[WellKnownGrainTypeProperties.PlacementStrategy] = GeoGrainProperties.Placement;
        properties[WellKnownGrainTypeProperties.Immovable] = ((byte)ImmovableKind.Any).ToString(System.Globalization.CultureInfo.InvariantCulture);
        properties.Remove(WellKnownGrainTypeProperties.Unordered);

        // The gate asks the predicate, with the author's object; Orleans would ask it first, and with what it holds in its place.
        properties.Remove(WellKnownGrainTypeProperties.MayInterleavePredicate);
    }
}
