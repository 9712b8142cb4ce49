using System.Collections.Immutable;
using Orleans.CodeGeneration;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace OrleansGeo.Runtime.Links;

/// <summary>Spreads grains over several gateways. A grain's calls go through one of them, so that they stay in order.</summary>
internal sealed class SpreadReferenceRuntime(ImmutableArray<IGrainReferenceRuntime> runtimes) : IGrainReferenceRuntime
{
    public ValueTask<T?> InvokeMethodAsync<T>(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        Pick(reference).InvokeMethodAsync<T>(reference, request, options);

    public ValueTask InvokeMethodAsync(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        Pick(reference).InvokeMethodAsync(reference, request, options);

    public void InvokeMethod(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        Pick(reference).InvokeMethod(reference, request, options);

    public object Cast(IAddressable grain, Type interfaceType) => runtimes[0].Cast(grain, interfaceType);

    private IGrainReferenceRuntime Pick(GrainReference reference) =>
        runtimes[(int)(reference.GrainId.GetUniformHashCode() % (uint)runtimes.Length)];
}
