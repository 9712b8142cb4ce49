using System.Reflection;
using Orleans.Serialization.Invocation;

namespace OrleansGeo.Tests.Routing;

/// <summary>A request of which only the cancellation token is asked.</summary>
internal sealed class CancellableRequest(CancellationToken cancellationToken) : IInvokable
{
    public CancellationToken GetCancellationToken() => cancellationToken;

    public object? GetTarget() => throw new NotSupportedException();

    public void SetTarget(ITargetHolder holder) => throw new NotSupportedException();

    public ValueTask<Response> Invoke() => throw new NotSupportedException();

    public int GetArgumentCount() => 0;

    public object? GetArgument(int index) => throw new NotSupportedException();

    public void SetArgument(int index, object value) => throw new NotSupportedException();

    public string GetMethodName() => throw new NotSupportedException();

    public string GetInterfaceName() => throw new NotSupportedException();

    public string GetActivityName() => throw new NotSupportedException();

    public MethodInfo GetMethod() => throw new NotSupportedException();

    public Type GetInterfaceType() => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
