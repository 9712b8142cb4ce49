using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace OrleansGeo.Testing;

/// <summary>Calls a grain's constructor as a silo does: facets by their attributes, the rest from the services, and the context around it.</summary>
/// <remarks>
/// The constructor <c>Grain()</c> takes its context from a thread-static that only Orleans' own scheduler sets: there is no public way, and an ordinary grain class would
/// have neither key nor <c>GrainFactory</c>. So this one internal method of Orleans is called by name; should it be renamed, tests of classes that derive from
/// <see cref="Grain"/> fail with <see cref="MissingMethodException"/>. A class that implements <see cref="IGrainBase"/> itself needs nothing of that.
/// </remarks>
internal static class GrainConstruction
{
    public static TGrain Create<TGrain>(IGrainContext context)
        where TGrain : class
    {
        var facets = new GrainConstructorArgumentFactory(context.ActivationServices, typeof(TGrain));
        var construct = ActivatorUtilities.CreateFactory(typeof(TGrain), facets.ArgumentTypes);
        var arguments = facets.CreateArguments(context);
        if (!typeof(Grain).IsAssignableFrom(typeof(TGrain)))
        {
            return (TGrain)construct(context.ActivationServices, arguments);
        }

        var before = Enter(context);
        try
        {
            return (TGrain)construct(context.ActivationServices, arguments);
        }
        finally
        {
            Enter(before);
        }
    }

    private static IGrainContext? Enter(IGrainContext? context)
    {
        SetExecutionContext(null, context, out var before);
        return before;
    }

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = nameof(SetExecutionContext))]
    private static extern void SetExecutionContext(
        [UnsafeAccessorType("Orleans.Runtime.RuntimeContext, Orleans.Core.Abstractions")] object? type, IGrainContext? newContext, out IGrainContext? currentContext);
}
