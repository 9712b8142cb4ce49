using System.Reflection;
using Orleans.Serialization.Invocation;

namespace OrleansGeo.Runtime.Gates.Objects;

/// <summary>The method that a class names by <c>[MayInterleave]</c>, asked of the user's object about a request.</summary>
internal sealed class InterleavePredicate
{
    private readonly MethodInfo _method;

    private InterleavePredicate(MethodInfo method) => _method = method;

    public static InterleavePredicate? Of(Type grainClass)
    {
        const BindingFlags Any = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.FlattenHierarchy;
        var name = grainClass.GetCustomAttributesData().Concat(grainClass.BaseType?.GetCustomAttributesData() ?? [])
            .FirstOrDefault(static attribute => attribute.AttributeType == typeof(Orleans.Concurrency.MayInterleaveAttribute))?.ConstructorArguments[0].Value as string;
        return name is not null && grainClass.GetMethod(name, Any, [typeof(IInvokable)]) is { } method ? new(method) : null;
    }

    public bool Allows(object instance, IInvokable request) => (bool)_method.Invoke(_method.IsStatic ? null : instance, [request])!;
}
