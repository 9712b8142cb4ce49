using System.Collections.Immutable;
using Orleans.Runtime;

namespace OrleansGeo.Runtime.Links;

/// <summary>Spreads grains over the factories of several gateways, by key.</summary>
internal sealed class SpreadGrainFactory(ImmutableArray<IGrainFactory> factories) : IGrainFactory
{
    public T GetGrain<T>(Guid primaryKey, string? grainClassNamePrefix = null)
        where T : IGrainWithGuidKey => Pick(primaryKey).GetGrain<T>(primaryKey, grainClassNamePrefix);

    public T GetGrain<T>(long primaryKey, string? grainClassNamePrefix = null)
        where T : IGrainWithIntegerKey => Pick(primaryKey).GetGrain<T>(primaryKey, grainClassNamePrefix);

    public T GetGrain<T>(string primaryKey, string? grainClassNamePrefix = null)
        where T : IGrainWithStringKey => Pick(primaryKey).GetGrain<T>(primaryKey, grainClassNamePrefix);

    public T GetGrain<T>(Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where T : IGrainWithGuidCompoundKey => Pick(primaryKey).GetGrain<T>(primaryKey, keyExtension, grainClassNamePrefix);

    public T GetGrain<T>(long primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where T : IGrainWithIntegerCompoundKey => Pick(primaryKey).GetGrain<T>(primaryKey, keyExtension, grainClassNamePrefix);

    // An object reference belongs to the client that made it, which is the one that must delete it.
    public T CreateObjectReference<T>(IGrainObserver obj)
        where T : IGrainObserver => factories[0].CreateObjectReference<T>(obj);

    public void DeleteObjectReference<T>(IGrainObserver obj)
        where T : IGrainObserver => factories[0].DeleteObjectReference<T>(obj);

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) =>
        Pick(grainPrimaryKey).GetGrain(grainInterfaceType, grainPrimaryKey);

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) =>
        Pick(grainPrimaryKey).GetGrain(grainInterfaceType, grainPrimaryKey);

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) =>
        Pick(grainPrimaryKey).GetGrain(grainInterfaceType, grainPrimaryKey);

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension) =>
        Pick(grainPrimaryKey).GetGrain(grainInterfaceType, grainPrimaryKey, keyExtension);

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension) =>
        Pick(grainPrimaryKey).GetGrain(grainInterfaceType, grainPrimaryKey, keyExtension);

    public T GetGrain<T>(GrainId grainId)
        where T : IAddressable => Pick(grainId).GetGrain<T>(grainId);

    public IAddressable GetGrain(GrainId grainId) => Pick(grainId).GetGrain(grainId);

    public IAddressable GetGrain(GrainId grainId, GrainInterfaceType interfaceType) => Pick(grainId).GetGrain(grainId, interfaceType);

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey, string grainClassNamePrefix) =>
        Pick(grainKey).GetGrain(interfaceType, grainKey, grainClassNamePrefix);

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey) => Pick(grainKey).GetGrain(interfaceType, grainKey);

    private IGrainFactory Pick<TKey>(TKey key)
        where TKey : notnull => factories[(int)((uint)key.GetHashCode() % (uint)factories.Length)];
}
