using Orleans.Serialization;

namespace OrleansGeo.Runtime.Gates;

/// <summary>Copies what leaves an activation, unless nobody can change it.</summary>
internal static class Isolation<T>
{
    // A class that is immutable but not sealed may be derived from by one that is not.
    private static readonly bool IsImmutable = typeof(T).IsPrimitive
        || typeof(T) == typeof(string)
        || ((typeof(T).IsValueType || typeof(T).IsSealed) && typeof(T).IsDefined(typeof(ImmutableAttribute), inherit: false));

    public static T? Copy(DeepCopier copier, T? value) => IsImmutable ? value : copier.Copy(value);
}
