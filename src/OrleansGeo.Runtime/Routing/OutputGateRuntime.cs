using Orleans.CodeGeneration;
using Orleans.Serialization;
using Orleans.Serialization.Invocation;

namespace OrleansGeo.Runtime.Routing;

/// <summary>
/// The output gate for a geo grain's calls to other grains: they leave when what they depend on is durable, and say which turns wait for them. Other callers pass at once.
/// </summary>
internal sealed class OutputGateRuntime(IGrainReferenceRuntime inner, Serializer serializer) : IGrainReferenceRuntime
{
    public ValueTask<T?> InvokeMethodAsync<T>(GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        if (CallingTurn.Current is not { } caller)
        {
            return inner.InvokeMethodAsync<T>(reference, request, options);
        }

        CallOut(caller, request, options);
        if (caller.MustHold)
        {
            return HoldAsync<T>(caller, reference, request, options);
        }

        using var lineage = Leave(caller, options);
        return inner.InvokeMethodAsync<T>(reference, request, options);
    }

    public ValueTask InvokeMethodAsync(GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        if (CallingTurn.Current is not { } caller)
        {
            return inner.InvokeMethodAsync(reference, request, options);
        }

        CallOut(caller, request, options);
        if (caller.MustHold)
        {
            return HoldAsync(caller, reference, request, options);
        }

        using var lineage = Leave(caller, options);
        return inner.InvokeMethodAsync(reference, request, options);
    }

    public void InvokeMethod(GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        CallingTurn.Current?.CallOut();
        if (CallingTurn.Current is { MustHold: true } caller)
        {
            SendAfter(caller, reference, request, options);
        }
        else
        {
            Send(reference, request, options);
        }
    }

    private static void CallOut(CallingTurn caller, IInvokable request, InvokeMethodOptions options)
    {
        if ((options & InvokeMethodOptions.ReadOnly) == 0 && !Enumerations.OnlyReads(request))
        {
            caller.CallOut();
        }
    }

    public object Cast(IAddressable grain, Type interfaceType) => inner.Cast(grain, interfaceType);

    // Apart, so that nothing is captured where nothing is held.
    private void SendAfter(CallingTurn caller, GrainReference reference, IInvokable request, InvokeMethodOptions options) =>
        caller.AfterDurable(() => Send(reference, request, options));

    private void Send(GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        // Nobody waits for it, so no turn does.
        using var lineage = LineageContext.Enter(serializer, null);
        inner.InvokeMethod(reference, request, options);
    }

    private async ValueTask<T?> HoldAsync<T>(CallingTurn caller, GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        await caller.BeforeOutgoingAsync();
        using var lineage = Leave(caller, options);
        return await inner.InvokeMethodAsync<T>(reference, request, options);
    }

    private async ValueTask HoldAsync(CallingTurn caller, GrainReference reference, IInvokable request, InvokeMethodOptions options)
    {
        await caller.BeforeOutgoingAsync();
        using var lineage = Leave(caller, options);
        await inner.InvokeMethodAsync(reference, request, options);
    }

    private LineageContext.Scope Leave(CallingTurn caller, InvokeMethodOptions options) =>
        LineageContext.Enter(serializer, caller.IsOpen && (options & InvokeMethodOptions.OneWay) == 0 ? caller.Descent : null);
}
