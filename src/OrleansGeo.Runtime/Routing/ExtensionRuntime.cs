using Orleans.CodeGeneration;
using Orleans.Serialization.Invocation;

namespace OrleansGeo.Runtime.Routing;

/// <summary>Extension calls to geo grains stay in their cluster and pass no gate where they arrive, except those that carry a user's method: enumerations.</summary>
internal sealed class ExtensionRuntime(IGrainReferenceRuntime inner, Enumerations enumerations) : IGrainReferenceRuntime
{
    public ValueTask<T?> InvokeMethodAsync<T>(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        Enumerations.Has(request) ? enumerations.InvokeAsync<T>(reference, request, options) : inner.InvokeMethodAsync<T>(reference, request, options);

    public ValueTask InvokeMethodAsync(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        Enumerations.Has(request) ? enumerations.DisposeAsync(reference, request, options) : inner.InvokeMethodAsync(reference, request, options);

    public void InvokeMethod(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        inner.InvokeMethod(reference, request, options);

    public object Cast(IAddressable grain, Type interfaceType) => inner.Cast(grain, interfaceType);
}
