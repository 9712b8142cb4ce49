using System.Reflection;
using Orleans.Concurrency;
using Orleans.Placement;

namespace OrleansGeo.Runtime.Checks;

/// <summary>An entity is on the silo of its shard, once.</summary>
internal sealed class PlacementCheck : IGrainClassCheck
{
    public IEnumerable<Finding> Look(GeoGrainClass grain)
    {
        foreach (var attribute in grain.Type.GetCustomAttributes(inherit: true))
        {
            if (attribute is StatelessWorkerAttribute)
            {
                yield return new("[StatelessWorker]", "an entity is active once in a region, and a worker many times, each with a state of its own. Take [StatelessWorker] or [GeoGrain] off the class.");
            }
            else if (attribute is PlacementAttribute or PlacementFilterAttribute)
            {
                yield return new(
                    AttributeNames.Of(attribute),
                    "an entity is active on the silo of its shard, and elsewhere every call to it would fail. Take the attribute off the class.");
            }
        }
    }
}
