using Orleans.CodeGeneration;
using Orleans.Serialization.Invocation;

namespace OrleansGeo.Runtime.Gates;

/// <summary>The output gate for a geo grain's calls to other grains: they leave when what they depend on is durable. Other callers pass at once.</summary>
internal sealed class OutputGateRuntime(IGrainReferenceRuntime inner) : IGrainReferenceRuntime
{
    public ValueTask<T?> InvokeMethodAsync<T>(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        Turn.Current is { MustHold: true } caller
            ? HoldAsync<T>(caller, reference, request, options)
            : inner.InvokeMethodAsync<T>(reference, request, options);

    public ValueTask InvokeMethodAsync(GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        Turn.Current is { MustHold: true } caller
            ? HoldAsync(caller, reference, request, options)
            : inner.InvokeMethodAsync(reference, request, options);

    public void InvokeMethod(GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        if (Turn.Current is { MustHold: true } caller)
        {
            caller.AfterDurable(() => inner.InvokeMethod(reference, request, options));
        }
        else
        {
            inner.InvokeMethod(reference, request, options);
        }
    }

    public object Cast(IAddressable grain, Type interfaceType) => inner.Cast(grain, interfaceType);

    private async ValueTask<T?> HoldAsync<T>(Turn caller, GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        await caller.BeforeOutgoingAsync();
        return await inner.InvokeMethodAsync<T>(reference, request, options);
    }

    private async ValueTask HoldAsync(Turn caller, GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        await caller.BeforeOutgoingAsync();
        await inner.InvokeMethodAsync(reference, request, options);
    }
}
