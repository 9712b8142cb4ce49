using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.CodeGeneration;
using Orleans.GrainReferences;
using Orleans.Metadata;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Serializers;

namespace OrleansGeo.Runtime.Routing;

/// <summary>
/// Binds references to geo grains to the router and, in a silo, references to other grains and to extensions of grains to the output gate. It leaves the making of
/// proxies to Orleans' own provider, and system targets alone.
/// </summary>
internal sealed class GeoReferenceActivatorProvider(IServiceProvider services) : IGrainReferenceActivatorProvider
{
    private IGrainReferenceActivatorProvider[]? _others;

    public bool TryGet(GrainType grainType, GrainInterfaceType interfaceType, [NotNullWhen(true)] out IGrainReferenceActivator? activator)
    {
        activator = null;
        if (interfaceType.IsDefault || grainType.IsSystemTarget() || grainType.IsLegacyGrain())
        {
            return false;
        }

        _others ??= [.. services.GetServices<IGrainReferenceActivatorProvider>().Where(provider => provider is not GeoReferenceActivatorProvider)];
        foreach (var other in _others)
        {
            if (other.TryGet(grainType, interfaceType, out activator))
            {
                break;
            }
        }

        if (activator is null)
        {
            return false;
        }

        var sample = activator.CreateReference(GrainId.Create(grainType, "0"));
        var proxyType = sample.GetType();
        var runtime = services.GetRequiredService<GeoRouter>().RuntimeFor(grainType, proxyType);
        if (runtime is null)
        {
            return true;
        }

        activator = new Activator(proxyType, Share(sample, runtime));
        return true;
    }

    private GrainReferenceShared Share(GrainReference sample, IGrainReferenceRuntime runtime) => new(
        sample.GrainId.Type,
        sample.InterfaceType,
        sample.InterfaceVersion,
        runtime,
        InvokeMethodOptions.None,
        services.GetRequiredService<CodecProvider>(),
        services.GetRequiredService<CopyContextPool>(),
        services);

    private sealed class Activator : IGrainReferenceActivator
    {
        private readonly GrainReferenceShared _shared;
        private readonly Func<GrainReferenceShared, IdSpan, GrainReference> _create;

        public Activator(Type proxyType, GrainReferenceShared shared)
        {
            _shared = shared;
            const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
            var constructor = proxyType.GetConstructor(Any, [typeof(GrainReferenceShared), typeof(IdSpan)])!;
            var arguments = new[] { Expression.Parameter(typeof(GrainReferenceShared)), Expression.Parameter(typeof(IdSpan)) };
            _create = Expression.Lambda<Func<GrainReferenceShared, IdSpan, GrainReference>>(Expression.New(constructor, arguments), arguments).Compile();
        }

        public GrainReference CreateReference(GrainId grainId) => _create(_shared, grainId.Key);
    }
}
