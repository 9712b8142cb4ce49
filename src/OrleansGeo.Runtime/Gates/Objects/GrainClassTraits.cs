using System.Collections.Concurrent;
using System.Reflection;

namespace OrleansGeo.Runtime.Gates.Objects;

/// <summary>What the gate must know of a grain class. Found once.</summary>
internal sealed class GrainClassTraits
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly ConcurrentDictionary<Type, GrainClassTraits> Known = new();

    private GrainClassTraits(Type grainClass)
    {
        HasMemory = Overrides(grainClass, nameof(IGrainBase.OnActivateAsync)) || HasMemoryFields(grainClass);
        LeavesInOrder = HasMemory || Overrides(grainClass, nameof(IGrainBase.OnDeactivateAsync));
        IsTied = IsStateful(grainClass);
        var geo = grainClass.GetCustomAttribute<GeoGrainAttribute>(inherit: true);
        AllowsInterleavedWrites = geo is { AllowInterleavedWrites: true };
        TicksOnReplicas = geo is { TimersOnReplicas: true };
        IsReentrant = grainClass.IsDefined(typeof(Orleans.Concurrency.ReentrantAttribute), inherit: true);
        MayInterleave = grainClass.GetCustomAttribute<Orleans.Concurrency.MayInterleaveAttribute>(inherit: true) is null ? null : InterleavePredicate.Of(grainClass);
    }

    /// <summary>
    /// Whether an object remembers anything but its states: it derives something when it is activated, or has a field that is neither a state nor a service of
    /// its constructor. Of such a class the object itself is replaced when its memory is no longer true; of others only the states are.
    /// </summary>
    public bool HasMemory { get; }

    /// <summary>
    /// Whether an object is told that it ends before its entity moves. Also one that remembers nothing but its states: it may keep in them what it writes only
    /// when it ends.
    /// </summary>
    public bool LeavesInOrder { get; }

    /// <summary>
    /// A request that has begun is not stopped before its shard leaves: it would take down what others left in the object's memory, or what those that run beside it have written may hold what it
    /// changed. So it has an effect from its beginning on.
    /// </summary>
    public bool ActsFromTheStart => LeavesInOrder || AllowsInterleavedWrites;

    /// <summary>
    /// The class uses the activation's own lifecycle, which starts once: its memory is made true by ending the activation. So does every <see cref="Grain{TGrainState}"/>, and what
    /// is found out to.
    /// </summary>
    public bool IsTied { get; set; }

    /// <summary>It was said that an object of the class could not be made ready on a replica.</summary>
    public bool NeedsHome { get; set; }

    /// <summary>The author accepted that requests of this class are at-least-once across a crash, for interleaved writes are entries at once.</summary>
    public bool AllowsInterleavedWrites { get; }

    /// <summary>Timers tick in every region that holds the entity, not only at home.</summary>
    public bool TicksOnReplicas { get; }

    public bool IsReentrant { get; }

    /// <summary>The author's own judgement of a request; null: there is none.</summary>
    public InterleavePredicate? MayInterleave { get; }

    public static GrainClassTraits Of(Type grainClass) => Known.GetOrAdd(grainClass, static type => new(type));

    private static bool IsStateful(Type grainClass)
    {
        for (var type = grainClass; type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Grain<>))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Overrides(Type grainClass, string method)
    {
        if (!typeof(IGrainBase).IsAssignableFrom(grainClass))
        {
            return false;
        }

        // The default of the interface, and that of Orleans' base class, do nothing.
        var map = grainClass.GetInterfaceMap(typeof(IGrainBase));
        var index = Array.FindIndex(map.InterfaceMethods, candidate => candidate.Name == method);
        return map.TargetMethods[index]?.DeclaringType is { } declaring && declaring != typeof(Grain) && declaring != typeof(IGrainBase);
    }

    private static bool HasMemoryFields(Type grainClass)
    {
        for (var type = grainClass; type is not null && type != typeof(Grain) && type != typeof(object); type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Grain<>))
            {
                return false;
            }

            var given = type.GetConstructors(Declared).SelectMany(static constructor => constructor.GetParameters()).Select(static parameter => parameter.ParameterType).ToList();
            if (Array.Exists(type.GetFields(Declared), field => !IsGiven(field, given)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A field that keeps what the constructor was given and never changes: <c>readonly</c>, or the parameter of a primary constructor.</summary>
    private static bool IsGiven(FieldInfo field, List<Type> given) =>
        (field.IsInitOnly || field.Name.EndsWith(">P", StringComparison.Ordinal))
        && field.FieldType != typeof(object)
        && !field.FieldType.IsValueType
        && given.Exists(type => field.FieldType.IsAssignableFrom(type));
}
