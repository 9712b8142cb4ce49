using System.Reflection;

namespace OrleansGeo.Runtime.Checks;

/// <summary>A class with <c>[GeoGrain]</c> that this silo hosts.</summary>
internal sealed class GeoGrainClass
{
    private GeoGrainClass(Type type, GeoGrainAttribute choices)
    {
        Type = type;
        Choices = choices;
        States = [.. StatesOf(type)];
    }

    public Type Type { get; }

    public GeoGrainAttribute Choices { get; }

    /// <summary>States that the constructor asks for, and that of a <see cref="Grain{TState}"/>.</summary>
    public IReadOnlyList<GrainState> States { get; }

    public IEnumerable<Type> BaseTypes
    {
        get
        {
            for (var at = Type.BaseType; at is not null; at = at.BaseType)
            {
                yield return at;
            }
        }
    }

    /// <summary>The methods that callers see, of every grain interface of the class.</summary>
    public IEnumerable<MethodInfo> InterfaceMethods =>
        Type.GetInterfaces().Where(static face => typeof(IAddressable).IsAssignableFrom(face)).SelectMany(static face => face.GetMethods());

    public IEnumerable<ParameterInfo> ConstructorParameters =>
        Type.GetConstructors(BindingFlags.Instance | BindingFlags.Public).SelectMany(static constructor => constructor.GetParameters());

    /// <returns>Null for a class that is not geo-distributed.</returns>
    public static GeoGrainClass? Of(Type type) => type.GetCustomAttribute<GeoGrainAttribute>(inherit: true) is { } choices ? new(type, choices) : null;

    private static IEnumerable<GrainState> StatesOf(Type type)
    {
        foreach (var constructor in type.GetConstructors(BindingFlags.Instance | BindingFlags.Public))
        {
            foreach (var parameter in constructor.GetParameters())
            {
                if (GrainState.Of(parameter) is { } state)
                {
                    yield return state;
                }
            }
        }

        if (GrainState.OfBase(type) is { } ofBase)
        {
            yield return ofBase;
        }
    }
}
