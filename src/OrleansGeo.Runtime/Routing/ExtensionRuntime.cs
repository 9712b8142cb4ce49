using Orleans.CodeGeneration;
using Orleans.Serialization.Invocation;
using OrleansGeo.Abstractions.Errors;

namespace OrleansGeo.Runtime.Routing;

/// <summary>Extension calls to geo grains stay in their cluster and pass no gate, except the one that carries a user's method.</summary>
internal sealed class ExtensionRuntime(IGrainReferenceRuntime local) : IGrainReferenceRuntime
{
    public ValueTask<T?> InvokeMethodAsync<T>(GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        RefuseStreams(reference, request);
        return local.InvokeMethodAsync<T>(reference, request, options);
    }

    public ValueTask InvokeMethodAsync(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        local.InvokeMethodAsync(reference, request, options);

    public void InvokeMethod(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        local.InvokeMethod(reference, request, options);

    public object Cast(IAddressable grain, Type interfaceType) => local.Cast(grain, interfaceType);

    private static void RefuseStreams(GrainReference reference, IInvokable request)
    {
        for (var i = 0; i < request.GetArgumentCount(); i++)
        {
            if (request.GetArgument(i) is IInvokable { } stream)
            {
                throw new GeoException(new(
                    GeoErrorCode.NotForwardable,
                    $"{stream.GetInterfaceName()}.{stream.GetMethodName()} on {reference.GrainId} returns a stream, which cannot be sent to another region: return pages instead. Nothing happened."));
            }
        }
    }
}
