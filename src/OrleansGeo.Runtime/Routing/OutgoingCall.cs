using System.Reflection;
using Orleans.Serialization.Invocation;

namespace OrleansGeo.Runtime.Routing;

/// <summary>One call, with all its attempts, as the caller's filters see it: what they would see in one cluster.</summary>
/// <param name="reference">The entity's reference.</param>
/// <param name="request">The user's request.</param>
/// <param name="source">The grain that calls; null: none.</param>
/// <param name="filters">The host's filters.</param>
/// <param name="send">Makes the call.</param>
internal sealed class OutgoingCall<T>(
    GrainReference reference, IInvokable request, IGrainContext? source, IOutgoingGrainCallFilter[] filters, Func<ValueTask<T?>> send) : IOutgoingGrainCallContext
{
    private int _passed;

    public IInvokable Request => request;

    public object Grain => reference;

    public IGrainContext? SourceContext => source;

    public GrainId? SourceId => source?.GrainId;

    public GrainId TargetId => reference.GrainId;

    public GrainInterfaceType InterfaceType => reference.InterfaceType;

    public string InterfaceName => request.GetInterfaceName();

    public string MethodName => request.GetMethodName();

    public MethodInfo InterfaceMethod => request.GetMethod();

    public object? Result
    {
        get => Response!.Result;
        set => Response = typeof(T) == typeof(NoResult) ? Response.Completed : Response.FromResult((T?)value);
    }

    public Response? Response { get; set; }

    /// <summary>Runs all filters and makes the call.</summary>
    public async ValueTask<T?> RunAsync()
    {
        await Invoke();
        return Response!.GetResult<T>();
    }

    public async Task Invoke()
    {
        // A filter may call what is behind it again, which is another call.
        var place = _passed++;
        try
        {
            // A request that is a filter itself comes last.
            var filter = place < filters.Length ? filters[place] : place == filters.Length ? request as IOutgoingGrainCallFilter : null;
            if (filter is null)
            {
                var answer = await send();
                Response = typeof(T) == typeof(NoResult) ? Response.Completed : Response.FromResult(answer);
                return;
            }

            await filter.Invoke(this);
            if (Response is null)
            {
                throw new InvalidOperationException(
                    $"The call filter {filter.GetType()} neither went on with the call of {InterfaceName}.{MethodName} nor set a result. Call {nameof(Invoke)}, set {nameof(Result)}, or throw.");
            }
        }
        finally
        {
            _passed = place;
        }
    }
}
