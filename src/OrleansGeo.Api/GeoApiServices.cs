using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OrleansGeo.Api.Errors;
using OrleansGeo.Api.Events;
using OrleansGeo.Api.Health;
using OrleansGeo.Api.OpenApi;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Runtime.Configuration;

namespace OrleansGeo.Api;

/// <summary>Registers the web API.</summary>
public static class GeoApiServices
{
    // What a record and an answer need around the bytes of a document.
    private const int EnvelopeBytes = 4 * 1024;

    // The server counts the framing of a chunked body as part of it.
    private const int FramingBytes = 64 * 1024;

    /// <summary>What <see cref="GeoApiRoutes.MapGeoApi"/> needs. The host provides <c>IGrainFactory</c>, <c>IGeoWorld</c> and <c>IGeoAdmin</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Changes the defaults.</param>
    public static IServiceCollection AddGeoApi(this IServiceCollection services, Action<GeoApiOptions>? configure = null)
    {
        services.AddOptions<GeoApiOptions>().Configure(configure ?? (static _ => { })).ValidateOnStart();
        services.AddSingleton<IValidateOptions<GeoApiOptions>, GeoApiOptionsValidator>();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<GeoApiOptions>>(Limit);
        services.AddOptions<GeoLimits>().Configure<IOptions<GeoApiOptions>>(MakeRoom);
        services.AddTransient<IStartupFilter, GeoApiStartupFilter>();
        services.AddExceptionHandler<GeoExceptionHandler>();
        services.AddSingleton<IDeveloperPageExceptionFilter, DeveloperPageProblems>();
        services.AddHealthChecks()
            .AddCheck<RegionHealthCheck>("region", tags: [GeoHealth.Ready])
            .AddCheck<BackgroundHealthCheck>("background", tags: [GeoHealth.Ready])
            .AddTypeActivatedCheck<WritesHealthCheck>("writes-quorum", null, [GeoHealth.Ready], ShardFamily.Quorum)
            .AddTypeActivatedCheck<WritesHealthCheck>("writes-region", null, [GeoHealth.Ready], ShardFamily.Region)
            .AddTypeActivatedCheck<WritesHealthCheck>("writes-multi-writer", null, [GeoHealth.Ready], ShardFamily.Row);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<EventStreams>();
        services.AddOpenApi("v1", GeoApiDescription.Configure);
        return services;
    }

    private static void Limit(KestrelServerOptions kestrel, IOptions<GeoApiOptions> api)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = api.Value.MaxDocumentBytes + FramingBytes;
    }

    /// <summary>A document of the largest size that the API accepts must fit the runtime's limits too, or its limit would not be the real one.</summary>
    private static void MakeRoom(GeoLimits limits, IOptions<GeoApiOptions> api)
    {
        limits.RecordBytes = Math.Max(limits.RecordBytes, api.Value.MaxDocumentBytes + EnvelopeBytes);
        limits.ResponseBytes = Math.Max(limits.ResponseBytes, api.Value.MaxDocumentBytes + EnvelopeBytes);
    }
}
