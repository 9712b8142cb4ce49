using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Serialization.Invocation;

namespace OrleansGeo.Runtime.Routing;

/// <summary>What the router must know of a method beyond its options. Found once per request type.</summary>
internal sealed class MethodTraits
{
    private static readonly ConcurrentDictionary<Type, MethodTraits> Known = new();

    private readonly bool _hasTokens;

    private MethodTraits(ParameterInfo[] parameters)
    {
        _hasTokens = Array.Exists(parameters, static parameter => parameter.ParameterType == typeof(GrainCancellationToken));
        Obstacle = Array.Find(parameters, static parameter => HasObserver(parameter.ParameterType)) is { } observed
            ? $"its parameter '{observed.Name}' is an observer, which only the caller's own cluster can reach"
            : null;
    }

    /// <summary>Why the request cannot be sent to another region, or null.</summary>
    public string? Obstacle { get; }

    public static MethodTraits Of(IInvokable request) =>
        Known.TryGetValue(request.GetType(), out var traits) ? traits : Known.GetOrAdd(request.GetType(), new MethodTraits(request.GetMethod().GetParameters()));

    /// <summary>Takes Orleans' older cancellation tokens out of the arguments: each has an id of its own, which says nothing of what is called. The newer ones are not sent as arguments.</summary>
    public List<(int Index, object Token)>? TakeTokens(IInvokable request)
    {
        if (!_hasTokens)
        {
            return null;
        }

        List<(int Index, object Token)> taken = [];
        for (var i = 0; i < request.GetArgumentCount(); i++)
        {
            if (request.GetArgument(i) is GrainCancellationToken token)
            {
                taken.Add((i, token));
                request.SetArgument(i, null!);
            }
        }

        return taken;
    }

    public static void PutBack(IInvokable request, List<(int Index, object Token)>? taken)
    {
        foreach (var (index, token) in taken ?? [])
        {
            request.SetArgument(index, token);
        }
    }

    private static bool HasObserver(Type type) => typeof(IGrainObserver).IsAssignableFrom(type)
        || (type.HasElementType && HasObserver(type.GetElementType()!))
        || (type.IsGenericType && Array.Exists(type.GetGenericArguments(), HasObserver));
}
