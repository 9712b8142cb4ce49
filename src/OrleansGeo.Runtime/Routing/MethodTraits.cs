using System.Collections.Concurrent;
using Orleans.Serialization.Invocation;

namespace OrleansGeo.Runtime.Routing;

/// <summary>What the router must know of a method beyond its options. Found once per request type.</summary>
internal static class MethodTraits
{
    private static readonly ConcurrentDictionary<Type, string?> Obstacles = new();

    /// <summary>Why the request cannot be sent to another region, or null.</summary>
    public static string? ObstacleOf(IInvokable request) =>
        Obstacles.TryGetValue(request.GetType(), out var obstacle) ? obstacle : Obstacles.GetOrAdd(request.GetType(), Find(request));

    private static string? Find(IInvokable request)
    {
        foreach (var parameter in request.GetMethod().GetParameters())
        {
            if (typeof(IGrainObserver).IsAssignableFrom(parameter.ParameterType))
            {
                return $"its parameter '{parameter.Name}' is an observer, which only the caller's own cluster can reach";
            }
        }

        return null;
    }
}
