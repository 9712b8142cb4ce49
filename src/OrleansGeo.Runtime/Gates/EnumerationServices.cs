using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Runtime.Enumeration;

namespace OrleansGeo.Runtime.Gates;

/// <summary>Puts the gate between Orleans' extension for enumerations and geo grains.</summary>
internal static class EnumerationServices
{
    public static void AddGatedEnumerations(this IServiceCollection services)
    {
        var orleans = services.Last(static descriptor => descriptor.ServiceType == typeof(IAsyncEnumerableGrainExtension) && !descriptor.IsKeyedService);
        services.Remove(orleans);
        services.AddScoped(provider => Wrap(provider, (IAsyncEnumerableGrainExtension)(orleans.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, orleans.ImplementationType!))));
    }

    private static IAsyncEnumerableGrainExtension Wrap(IServiceProvider activation, IAsyncEnumerableGrainExtension inner)
    {
        var context = activation.GetRequiredService<IGrainContext>();
        return context.GetComponent(typeof(GeoActivation)) is null ? inner : new GatedEnumerations(inner, context);
    }
}
