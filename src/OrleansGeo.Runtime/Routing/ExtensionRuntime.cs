using Orleans.CodeGeneration;
using Orleans.Serialization.Invocation;

namespace OrleansGeo.Runtime.Routing;

/// <summary>Extension calls to geo grains stay in their cluster and pass no gate, except those that carry a user's method: enumerations.</summary>
internal sealed class ExtensionRuntime(IGrainReferenceRuntime local, Enumerations enumerations) : IGrainReferenceRuntime
{
    public ValueTask<T?> InvokeMethodAsync<T>(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        IsEnumeration(request) ? enumerations.InvokeAsync<T>(reference, request, options) : local.InvokeMethodAsync<T>(reference, request, options);

    public ValueTask InvokeMethodAsync(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        IsEnumeration(request) ? enumerations.DisposeAsync(reference, request, options) : local.InvokeMethodAsync(reference, request, options);

    public void InvokeMethod(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        local.InvokeMethod(reference, request, options);

    public object Cast(IAddressable grain, Type interfaceType) => local.Cast(grain, interfaceType);

    private static bool IsEnumeration(IInvokable request) => request.GetInterfaceType() == typeof(IAsyncEnumerableGrainExtension);
}
