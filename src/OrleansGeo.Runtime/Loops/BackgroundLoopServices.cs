using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace OrleansGeo.Runtime.Loops;

internal static class BackgroundLoopServices
{
    /// <summary>What makes and lists this process's loops. Adding it twice adds it once.</summary>
    public static void AddBackgroundLoops(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<BackgroundLoops>();
        services.TryAddSingleton<IBackgroundHealth>(static provider => provider.GetRequiredService<BackgroundLoops>());
    }
}
