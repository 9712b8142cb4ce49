using System.Reflection;
using Orleans.Concurrency;

namespace OrleansGeo.Runtime.Checks;

/// <summary>Writing requests run beside each other only where the author accepts what that costs.</summary>
internal sealed class InterleavingCheck : IGrainClassCheck
{
    private const string Text =
        $"requests that run beside each other and write cannot be stored as one step each, so that a crash between may repeat one. Take the attribute off, or accept it by [GeoGrain(…, {nameof(GeoGrainAttribute.AllowInterleavedWrites)} = true)].";

    public IEnumerable<Finding> Look(GeoGrainClass grain)
    {
        if (grain.Choices.AllowInterleavedWrites)
        {
            yield break;
        }

        if (grain.Type.IsDefined(typeof(ReentrantAttribute), inherit: true))
        {
            yield return new("[Reentrant]", Text);
        }

        if (grain.Type.IsDefined(typeof(MayInterleaveAttribute), inherit: true))
        {
            yield return new("[MayInterleave]", Text);
        }

        foreach (var method in grain.InterfaceMethods.Where(static method => method.IsDefined(typeof(AlwaysInterleaveAttribute)) && !method.IsDefined(typeof(ReadOnlyAttribute))))
        {
            yield return new($"method {method.DeclaringType!.Name}.{method.Name}, [AlwaysInterleave]", $"{Text} If it only reads, mark it [ReadOnly].");
        }

        foreach (var method in grain.InterfaceMethods.Where(static method => Enumerates(method) && !method.IsDefined(typeof(ReadOnlyAttribute))))
        {
            yield return new(
                $"method {method.DeclaringType!.Name}.{method.Name}",
                $"it returns an IAsyncEnumerable, which as in Orleans runs beside other requests: what it writes is an entry at once, and may take along what such a request has changed by half. Mark it [ReadOnly] if it only reads, or accept interleaving with [GeoGrain(…, {nameof(GeoGrainAttribute.AllowInterleavedWrites)} = true)].");
        }
    }

    private static bool Enumerates(MethodInfo method) => method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>);
}
