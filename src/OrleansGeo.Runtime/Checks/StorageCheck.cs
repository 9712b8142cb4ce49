using Microsoft.Extensions.Options;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Gates;

namespace OrleansGeo.Runtime.Checks;

/// <summary>A state is replicated, or its author said that it is not; no two have one name.</summary>
internal sealed class StorageCheck(IOptions<GeoOptions> options) : IGrainClassCheck
{
    public IEnumerable<Finding> Look(GeoGrainClass grain)
    {
        foreach (var state in grain.States.Where(state => !IsReplicated(state) && !options.Value.LocalStorages.Contains(state.Storage)))
        {
            var remedy = state.Name is { } name
                ? $"Use [PersistentState(\"{name}\", \"{GeoPersistentStateFactory.StorageName}\")]"
                : $"Mark the class [StorageProvider(ProviderName = \"{GeoPersistentStateFactory.StorageName}\")]";
            yield return new(
                state.Member,
                $"its state is in the storage \"{state.Storage}\", which OrleansGeo does not replicate: other regions would see none of it, and it would be lost with this one. {remedy}, or declare geo.KeepLocal(\"{state.Storage}\") if it may stay here.");
        }

        foreach (var twice in grain.States.Where(static state => state.Name is not null && IsReplicated(state)).GroupBy(static state => (state.Owner, state.Name)).Where(static states => states.Count() > 1))
        {
            yield return new(
                string.Join(" and ", twice.Select(static state => state.Member)),
                $"both are the state '{twice.Key.Name}', so that each would overwrite what the other wrote. Give each state a name of its own.");
        }
    }

    public static bool IsReplicated(GrainState state) => state.Storage == GeoPersistentStateFactory.StorageName;
}
