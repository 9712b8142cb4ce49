using System.Reflection;
using System.Runtime.ExceptionServices;
using Orleans.Metadata;
using Orleans.Serialization;
using Orleans.Serialization.Invocation;

namespace OrleansGeo.Runtime.Filters;

/// <summary>One execution of a user's method, as its filters see it: what they would see in one cluster. Each filter calls <see cref="Invoke"/> for what is behind it.</summary>
internal sealed class IncomingCall(
    IInvokable request,
    object target,
    IGrainContext context,
    GrainId? source,
    IIncomingGrainCallFilter[] filters,
    GrainInterfaceTypeResolver interfaces,
    DeepCopier<Response> copier) : IIncomingGrainCallContext
{
    private int _passed;

    public IInvokable Request => request;

    public object Grain => target;

    public GrainId? SourceId => source;

    public IGrainContext TargetContext => context;

    public GrainId TargetId => context.GrainId;

    public GrainInterfaceType InterfaceType => interfaces.GetGrainInterfaceType(request.GetInterfaceType());

    public string InterfaceName => request.GetInterfaceName();

    public string MethodName => request.GetMethodName();

    public MethodInfo InterfaceMethod => request.GetMethod();

    public MethodInfo ImplementationMethod => ImplementedMethods.Find(target.GetType(), request.GetMethod());

    public object? Result
    {
        get => Response is { Exception: null } response ? response.Result : null;
        set => Response = Response.FromResult(value);
    }

    public Response? Response { get; set; }

    /// <summary>Runs all filters and the method.</summary>
    public async ValueTask<Response> RunAsync()
    {
        try
        {
            await Invoke();
            return Response!;
        }
        catch (Exception exception)
        {
            return Response.FromException(exception);
        }
    }

    public async Task Invoke()
    {
        // A filter may call what is behind it again.
        var place = _passed++;
        try
        {
            var filter = place < filters.Length ? filters[place] : place == filters.Length ? target as IIncomingGrainCallFilter : null;
            if (filter is not null)
            {
                await filter.Invoke(this);
                RefuseBroken(filter);
            }
            else
            {
                await InvokeMethodAsync();
            }
        }
        finally
        {
            _passed = place;
        }
    }

    private async Task InvokeMethodAsync()
    {
        Response = await request.Invoke();
        if (Response.Exception is { } thrown)
        {
            ExceptionDispatchInfo.Throw(thrown);
        }

        // What a filter does to the result must not be done to the grain's state.
        Response = copier.Copy(Response);
    }

    private void RefuseBroken(IIncomingGrainCallFilter filter)
    {
        if (Response is null)
        {
            throw new InvalidOperationException(
                $"The call filter {filter.GetType()} neither went on with the call of {InterfaceName}.{MethodName} nor set a result. Call {nameof(Invoke)}, set {nameof(Result)}, or throw.");
        }
    }
}
