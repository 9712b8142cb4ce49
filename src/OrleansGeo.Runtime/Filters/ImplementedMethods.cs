using System.Collections.Concurrent;
using System.Reflection;

namespace OrleansGeo.Runtime.Filters;

/// <summary>Which method of a class implements an interface's method.</summary>
internal static class ImplementedMethods
{
    private static readonly ConcurrentDictionary<(Type Class, MethodInfo Method), MethodInfo> Known = new();

    public static MethodInfo Find(Type implementation, MethodInfo method) => Known.GetOrAdd((implementation, method), static key => Look(key.Class, key.Method));

    private static MethodInfo Look(Type implementation, MethodInfo method)
    {
        var open = method.IsConstructedGenericMethod ? method.GetGenericMethodDefinition() : method;
        var map = implementation.GetInterfaceMap(open.DeclaringType!);
        var found = map.TargetMethods[Array.IndexOf(map.InterfaceMethods, open)];
        return method.IsConstructedGenericMethod ? found.MakeGenericMethod(method.GetGenericArguments()) : found;
    }
}
