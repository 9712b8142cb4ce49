using System.Reflection;
using Orleans.Providers;

namespace OrleansGeo.Runtime.Checks;

/// <summary>A state that a grain class declares.</summary>
/// <param name="Member">Where it is declared.</param>
/// <param name="Name">Under which it is stored; null: the state of a <see cref="Grain{TState}"/>, which has no name of its own.</param>
/// <param name="Storage">The name of its storage, "Default" if none is given.</param>
/// <param name="Type">The type of its value.</param>
/// <param name="Owner">The constructor or class that declares it: two constructors may ask for the same state.</param>
internal sealed record GrainState(string Member, string? Name, string Storage, Type Type, MemberInfo Owner)
{
    public const string DefaultStorage = ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME;

    public static GrainState? Of(ParameterInfo parameter)
    {
        var facet = parameter.GetCustomAttributes().OfType<IPersistentStateConfiguration>().FirstOrDefault();
        if (facet is null || !parameter.ParameterType.IsGenericType || parameter.ParameterType.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            return null;
        }

        var name = string.IsNullOrEmpty(facet.StateName) ? parameter.Name! : facet.StateName;
        return new($"parameter '{parameter.Name}'", name, Or(facet.StorageName), parameter.ParameterType.GetGenericArguments()[0], parameter.Member);
    }

    public static GrainState? OfBase(Type grain)
    {
        for (var at = grain.BaseType; at is not null; at = at.BaseType)
        {
            if (at.IsGenericType && at.GetGenericTypeDefinition() == typeof(Grain<>))
            {
                var storage = grain.GetCustomAttribute<StorageProviderAttribute>(inherit: true)?.ProviderName;
                return new($"base class Grain<{at.GetGenericArguments()[0].Name}>", null, Or(storage), at.GetGenericArguments()[0], grain);
            }
        }

        return null;
    }

    private static string Or(string? storage) => string.IsNullOrEmpty(storage) ? DefaultStorage : storage;
}
