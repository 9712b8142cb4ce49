namespace OrleansGeo.Runtime.Checks;

/// <summary>No base class and no interface that keeps or moves state by other ways. Known by name: their packages are not referenced here.</summary>
internal sealed class BaseClassCheck : IGrainClassCheck
{
    private const string Remedy = "Use [PersistentState(\"…\", \"geo\")]";

    public IEnumerable<Finding> Look(GeoGrainClass grain)
    {
        foreach (var parent in grain.BaseTypes)
        {
            if (parent.Namespace == "Orleans.EventSourcing")
            {
                yield return new(
                    $"base class {NameOf(parent)}",
                    $"its events are in a log-consistency provider, which OrleansGeo does not replicate: other regions would see none of them, and they would be lost with this one. {Remedy} and derive from Grain.");
                break;
            }

            if (parent.Namespace == "Orleans.Journaling")
            {
                yield return new(
                    $"base class {NameOf(parent)}",
                    $"its durable values are in a journal of this region alone: other regions would see none of them, and they would be lost with this one. {Remedy} and derive from Grain.");
                break;
            }
        }

        if (typeof(IGrainMigrationParticipant).IsAssignableFrom(grain.Type))
        {
            yield return new(
                nameof(IGrainMigrationParticipant),
                $"an entity moves with its shard, from silo to silo and from region to region, and what is handed to a migration would be lost on the way. Keep it in a state: {Remedy}.");
        }
    }

    private static string NameOf(Type type) => type.Name.Split('`')[0];
}
