using System.Collections;

namespace OrleansGeo.Runtime.States;

/// <summary>What kind of type a part of a state is.</summary>
internal static class StateTypes
{
    private static readonly HashSet<Type> Leaves =
    [
        typeof(string), typeof(decimal), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DateOnly), typeof(TimeOnly), typeof(Uri),
    ];

    private static readonly string[] Frameworks = ["System", "mscorlib", "netstandard", "Microsoft", "Newtonsoft", "Orleans"];

    /// <summary>Belongs to .NET or Orleans, not to a grain's author: its fields are not for others.</summary>
    public static bool IsFramework(Type type)
    {
        var assembly = type.Assembly.GetName().Name!;
        return Frameworks.Any(name => assembly == name || (assembly.StartsWith(name, StringComparison.Ordinal) && assembly[name.Length] == '.'));
    }

    /// <summary>One value without parts, which every format keeps.</summary>
    public static bool IsLeaf(Type type) =>
        (type.IsPrimitive && type != typeof(nint) && type != typeof(nuint)) || type.IsEnum || Leaves.Contains(type)
        || (Nullable.GetUnderlyingType(type) is { } value && IsLeaf(value));

    /// <summary>A collection of the framework, or derived from one.</summary>
    public static bool IsCollection(Type type)
    {
        for (var at = type; at is not null && at != typeof(object); at = at.BaseType)
        {
            if (IsFramework(at))
            {
                return typeof(IEnumerable).IsAssignableFrom(at) && at != typeof(string);
            }
        }

        return false;
    }

    /// <summary>What the compiler makes of a collection expression where a read-only interface is asked for. Kept as the array that such code could have made itself.</summary>
    public static bool IsCollectionExpression(Type type) => type.IsGenericType && type.Name.StartsWith("<>z__ReadOnly", StringComparison.Ordinal);

    /// <summary>Lives in a process, or stands for something outside of it: no stored copy can be it.</summary>
    public static bool IsBoundToProcess(Type type) =>
        type.IsPointer || type.IsByRefLike || type == typeof(nint) || type == typeof(nuint)
        || typeof(Delegate).IsAssignableFrom(type) || typeof(Task).IsAssignableFrom(type) || typeof(Stream).IsAssignableFrom(type)
        || typeof(WaitHandle).IsAssignableFrom(type) || typeof(IServiceProvider).IsAssignableFrom(type)
        || type == typeof(CancellationToken) || type == typeof(CancellationTokenSource) || type == typeof(SemaphoreSlim) || type == typeof(Timer)
        || type == typeof(System.Text.Json.JsonDocument);

    /// <summary>The types that a constructed type is made of.</summary>
    public static IEnumerable<Type> PartsOf(Type type) =>
        type.IsArray ? [type.GetElementType()!] : type.IsGenericType ? type.GetGenericArguments() : [];
}
