using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.CodeGeneration;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Invocation;
using Orleans.Serialization.Serializers;

namespace OrleansGeo.Tests.Routing;

/// <summary>What a generated proxy gives to the runtime for one call.</summary>
internal sealed record CapturedCall(GrainReference Reference, IInvokable Request, InvokeMethodOptions Options)
{
    public static CapturedCall Of<TGrain>(IServiceProvider services, GrainReference like, Action<TGrain> call)
    {
        var capture = new Capture();
        var shared = new GrainReferenceShared(
            like.GrainId.Type,
            like.InterfaceType,
            0,
            capture,
            InvokeMethodOptions.None,
            services.GetRequiredService<CodecProvider>(),
            services.GetRequiredService<CopyContextPool>(),
            services);
        var proxy = Activator.CreateInstance(
            like.GetType(), BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, [shared, like.GrainId.Key], null)!;
        call((TGrain)proxy);
        return capture.Call! with { Reference = like };
    }

    private sealed class Capture : IGrainReferenceRuntime
    {
        public CapturedCall? Call { get; private set; }

        public ValueTask<T?> InvokeMethodAsync<T>(GrainReference reference, IInvokable request, InvokeMethodOptions options)
        {
            Call = new(reference, request, options);
            return default;
        }

        public async ValueTask InvokeMethodAsync(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
            await InvokeMethodAsync<object>(reference, request, options);

        public void InvokeMethod(GrainReference reference, IInvokable request, InvokeMethodOptions options) => Call = new(reference, request, options);

        public object Cast(IAddressable grain, Type interfaceType) => throw new NotSupportedException();
    }
}
