using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Runtime.Filters;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.Routing;

/// <summary>Takes the host's call filters over from Orleans.</summary>
internal static class CallFilterServices
{
    /// <summary>In a silo and on a client.</summary>
    /// <remarks>The container prefers one registration of all filters to its own enumeration of them, in whatever order they were added.</remarks>
    public static void AddOutgoingCallFilters(this IServiceCollection services)
    {
        services.AddSingleton(provider => new CallFilters(services, provider));
        services.AddSingleton<IEnumerable<IOutgoingGrainCallFilter>>(static provider =>
            [.. provider.GetRequiredService<CallFilters>().Outgoing.Select(static filter => new OutgoingPass(filter))]);
    }

    /// <summary>In a silo.</summary>
    public static void AddIncomingCallFilters(this IServiceCollection services)
    {
        services.AddSingleton<GateFilters>();
        services.AddSingleton<IEnumerable<IIncomingGrainCallFilter>>(static provider =>
            [.. provider.GetRequiredService<CallFilters>().Incoming.Select(filter => new IncomingPass(filter, provider.GetRequiredService<GeoGrainPolicies>))]);
    }
}
