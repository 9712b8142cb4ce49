using Microsoft.Extensions.Logging;
using Orleans.Metadata;

namespace OrleansGeo.Runtime.Gates.Facades;

/// <summary>Puts the facade between Orleans and every geo grain.</summary>
internal sealed class GeoGrainActivatorProvider(GrainClassMap classes, IServiceProvider services, ILoggerFactory loggers) : IConfigureGrainTypeComponents
{
    public void Configure(GrainType grainType, GrainProperties properties, GrainTypeSharedContext shared)
    {
        if (properties.Properties.ContainsKey(GeoGrainProperties.Durability) && classes.TryGetGrainClass(grainType, out var grainClass))
        {
            shared.SetComponent<IGrainActivator>(new GeoGrainActivator(
                grainClass, shared.GetComponent<IGrainActivator>() ?? new DefaultGrainActivator(services, grainClass), loggers));
        }
    }
}
