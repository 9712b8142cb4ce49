using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Metadata;
using Orleans.Runtime;

namespace OrleansGeo.Tests.Checks;

/// <summary>What a silo's manifest says of a grain class.</summary>
internal static class GrainProperties
{
    public static IReadOnlyDictionary<string, string> Of(IHost host, Type type) =>
        host.Services.GetRequiredService<IClusterManifestProvider>().LocalGrainManifest.Grains[host.Services.GetRequiredService<GrainTypeResolver>().GetGrainType(type)].Properties;
}
