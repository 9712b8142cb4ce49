using Orleans.Metadata;
using Orleans.Runtime;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo;

/// <summary>
/// Makes a grain class geo-distributed: it runs in every region, is written in its home region and read in all. Its methods are routed
/// to the home; methods marked <see cref="Orleans.Concurrency.ReadOnlyAttribute"/> are served by the caller's own region. Its
/// <c>[PersistentState("name", "geo")]</c> states are replicated.
/// </summary>
/// <param name="durability">When a write of the class is acknowledged.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = true)]
public sealed class GeoGrainAttribute(Durability durability) : Attribute, IGrainPropertiesProviderAttribute
{
    /// <summary>When a write of the class is acknowledged.</summary>
    public Durability Durability { get; } = durability;

    /// <summary>An <see cref="IHomePolicy"/>: <see cref="ByKeyHash"/> (default), <see cref="ByKeyPrefix"/>, <see cref="ByKeyGroup"/> or one's own.</summary>
    public Type HomePolicy { get; init; } = typeof(ByKeyHash);

    /// <summary>
    /// Every region writes the entity at once, each its own row of it; the states are CRDTs (<see cref="Crdts.ICrdt{TSelf}"/>) and converge. All calls are
    /// served by the caller's own region, also while it is cut off; <see cref="HomePolicy"/> does not count. Default false.
    /// </summary>
    public bool MultiWriter { get; init; }

    /// <summary>
    /// The entity moves to the region from which most of its writes come, once they have for a while; how long and how many is configured. An entity that an operator
    /// pinned stays. Not with <see cref="MultiWriter"/>. Default false.
    /// </summary>
    public bool FollowWriters { get; init; }

    /// <summary>
    /// The class lets requests interleave that may write (<c>[Reentrant]</c>, <c>[MayInterleave]</c>, <c>[AlwaysInterleave]</c>, a method that returns an
    /// <see cref="IAsyncEnumerable{T}"/> and is not <c>[ReadOnly]</c>), and accepts what follows: in such a class every
    /// <c>WriteStateAsync</c> is an entry of its own, in the order of the calls, so that no write hides another; and a request that a crash interrupts between two of them is
    /// repeated from the first: at least once, not once. Without it such a class does not start its silo. Default false.
    /// </summary>
    public bool AllowInterleavedWrites { get; init; }

    /// <summary>
    /// Grain timers tick in every region that holds the entity; what they do outside of the entity then happens in each, and what they write is refused on replicas.
    /// Default false: they tick at the home only.
    /// </summary>
    public bool TimersOnReplicas { get; init; }

    /// <summary>Writes the class's policy into its properties in the cluster manifest (<see cref="GeoGrainProperties"/>). Orleans calls it when it makes the manifest.</summary>
    public void Populate(IServiceProvider services, Type grainClass, GrainType grainType, Dictionary<string, string> properties)
    {
        properties[GeoGrainProperties.Durability] = Durability.ToString();
        properties[GeoGrainProperties.MultiWriter] = MultiWriter ? "true" : "false";
        properties[GeoGrainProperties.FollowWriters] = FollowWriters ? "true" : "false";
        properties[GeoGrainProperties.InterleavedWrites] = AllowInterleavedWrites ? "true" : "false";
        properties[GeoGrainProperties.HomePolicy] = $"{HomePolicy.FullName}, {HomePolicy.Assembly.GetName().Name}";
        properties[WellKnownGrainTypeProperties.Reentrant] = "true";
        properties[WellKnownGrainTypeProperties.PlacementStrategy] = GeoGrainProperties.Placement;
    }
}
