using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Concurrency;
using Orleans.Serialization.Invocation;

namespace OrleansGeo.Runtime.Gates;

/// <summary>Which requests are of methods marked <c>[AlwaysInterleave]</c>. Found once per request type.</summary>
internal static class InterleavedMethods
{
    private static readonly ConcurrentDictionary<Type, bool> Known = new();

    public static bool Contains(IInvokable request) => Known.TryGetValue(request.GetType(), out var known)
        ? known
        : Known.GetOrAdd(request.GetType(), request.GetMethod().IsDefined(typeof(AlwaysInterleaveAttribute)));
}
