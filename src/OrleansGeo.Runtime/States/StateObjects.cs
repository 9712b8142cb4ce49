using System.Reflection;
using System.Runtime.CompilerServices;

namespace OrleansGeo.Runtime.States;

/// <summary>Makes objects whose fields are then set.</summary>
internal static class StateObjects
{
    /// <summary>By the parameterless constructor, so that what an older copy lacks has its initial value; without one, empty.</summary>
    public static Func<object> CreatorOf(Type type) =>
        type.IsValueType || type.GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, []) is null
            ? () => RuntimeHelpers.GetUninitializedObject(type)
            : () => Activator.CreateInstance(type, nonPublic: true)!;
}
