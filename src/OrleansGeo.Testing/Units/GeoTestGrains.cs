using Orleans.Runtime;

namespace OrleansGeo.Testing;

/// <summary>The other grains of a grain under test: objects of the test, by interface and key. A call to one is a call of the object, and nothing is copied.</summary>
/// <exception cref="InvalidOperationException">Every <c>GetGrain</c>: the test gave no such grain.</exception>
public sealed class GeoTestGrains : IGrainFactory
{
    private readonly Dictionary<(Type Interface, IdSpan Key), IAddressable> _grains = [];

    /// <summary>Answers calls to the grain of a string key.</summary>
    public void Set<TInterface>(string key, TInterface grain)
        where TInterface : IGrainWithStringKey => Set(IdSpan.Create(key), grain);

    /// <summary>Answers calls to the grain of a <see cref="Guid"/> key.</summary>
    public void Set<TInterface>(Guid key, TInterface grain)
        where TInterface : IGrainWithGuidKey => Set(GrainIdKeyExtensions.CreateGuidKey(key), grain);

    /// <summary>Answers calls to the grain of a numeric key.</summary>
    public void Set<TInterface>(long key, TInterface grain)
        where TInterface : IGrainWithIntegerKey => Set(GrainIdKeyExtensions.CreateIntegerKey(key), grain);

    /// <summary>Answers calls to the grain of any key, such as a compound one made by <see cref="GrainIdKeyExtensions"/>.</summary>
    public void Set<TInterface>(IdSpan key, TInterface grain)
        where TInterface : IAddressable
    {
        ArgumentNullException.ThrowIfNull(grain);
        _grains[(typeof(TInterface), key)] = grain;
    }

    /// <inheritdoc/>
    public TInterface GetGrain<TInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TInterface : IGrainWithStringKey => (TInterface)Find(typeof(TInterface), IdSpan.Create(primaryKey));

    /// <inheritdoc/>
    public TInterface GetGrain<TInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TInterface : IGrainWithGuidKey => (TInterface)Find(typeof(TInterface), GrainIdKeyExtensions.CreateGuidKey(primaryKey));

    /// <inheritdoc/>
    public TInterface GetGrain<TInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TInterface : IGrainWithIntegerKey => (TInterface)Find(typeof(TInterface), GrainIdKeyExtensions.CreateIntegerKey(primaryKey));

    /// <inheritdoc/>
    public TInterface GetGrain<TInterface>(Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TInterface : IGrainWithGuidCompoundKey => (TInterface)Find(typeof(TInterface), GrainIdKeyExtensions.CreateGuidKey(primaryKey, keyExtension));

    /// <inheritdoc/>
    public TInterface GetGrain<TInterface>(long primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TInterface : IGrainWithIntegerCompoundKey => (TInterface)Find(typeof(TInterface), GrainIdKeyExtensions.CreateIntegerKey(primaryKey, keyExtension));

    /// <inheritdoc/>
    public TInterface GetGrain<TInterface>(GrainId grainId)
        where TInterface : IAddressable => (TInterface)Find(typeof(TInterface), grainId.Key);

    /// <inheritdoc/>
    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) => (IGrain)Find(grainInterfaceType, IdSpan.Create(grainPrimaryKey));

    /// <inheritdoc/>
    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) => (IGrain)Find(grainInterfaceType, GrainIdKeyExtensions.CreateGuidKey(grainPrimaryKey));

    /// <inheritdoc/>
    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) => (IGrain)Find(grainInterfaceType, GrainIdKeyExtensions.CreateIntegerKey(grainPrimaryKey));

    /// <inheritdoc/>
    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension) =>
        (IGrain)Find(grainInterfaceType, GrainIdKeyExtensions.CreateGuidKey(grainPrimaryKey, keyExtension));

    /// <inheritdoc/>
    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension) =>
        (IGrain)Find(grainInterfaceType, GrainIdKeyExtensions.CreateIntegerKey(grainPrimaryKey, keyExtension));

    /// <inheritdoc/>
    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey) => Find(interfaceType, grainKey);

    /// <inheritdoc/>
    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey, string grainClassNamePrefix) => Find(interfaceType, grainKey);

    /// <summary>Not supported: without a cluster no interface belongs to an id alone.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public IAddressable GetGrain(GrainId grainId) => throw Untyped(grainId);

    /// <inheritdoc cref="GetGrain(GrainId)"/>
    public IAddressable GetGrain(GrainId grainId, GrainInterfaceType interfaceType) => throw Untyped(grainId);

    /// <summary>The observer itself.</summary>
    public TObserver CreateObjectReference<TObserver>(IGrainObserver obj)
        where TObserver : IGrainObserver => (TObserver)obj;

    /// <summary>Does nothing.</summary>
    public void DeleteObjectReference<TObserver>(IGrainObserver obj)
        where TObserver : IGrainObserver
    {
    }

    private static NotSupportedException Untyped(GrainId id) =>
        new($"{id} is asked for without an interface, and there is no cluster that would know one. Ask for it by interface and key, or use a {nameof(GeoTestCluster)}.");

    private IAddressable Find(Type type, IdSpan key) => _grains.GetValueOrDefault((type, key)) ?? throw new InvalidOperationException(
        $"The grain under test asks for {type.Name} '{key}', and the test gave none. Call Grains.Set<{type.Name}>(…) with that key before.");
}
