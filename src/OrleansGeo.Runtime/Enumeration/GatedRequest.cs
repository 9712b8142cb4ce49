using System.Reflection;
using Orleans.CodeGeneration;
using Orleans.Serialization.Invocation;

namespace OrleansGeo.Runtime.Enumeration;

/// <summary>A user's request whose elements pass the gate. It never leaves the activation.</summary>
internal sealed class GatedRequest<T>(IAsyncEnumerableRequest<T> inner, IEnumerationGate gate) : IAsyncEnumerableRequest<T>
{
    public int MaxBatchSize
    {
        get => inner.MaxBatchSize;
        set => inner.MaxBatchSize = value;
    }

    public InvokeMethodOptions Options => inner.Options;

    public bool IsCancellable => inner.IsCancellable;

    public IAsyncEnumerable<T> InvokeImplementation() => new GatedEnumerable<T>(inner, gate);

    // What Orleans gives is the activation, whose grain instance is not the user's object: that is set inside the gate.
    public void SetTarget(ITargetHolder holder)
    {
    }

    public object? GetTarget() => inner.GetTarget();

    public ValueTask<Response> Invoke() => inner.Invoke();

    public void AddInvokeMethodOptions(InvokeMethodOptions options) => inner.AddInvokeMethodOptions(options);

    public int GetArgumentCount() => inner.GetArgumentCount();

    public object? GetArgument(int index) => inner.GetArgument(index);

    public void SetArgument(int index, object value) => inner.SetArgument(index, value);

    public string GetMethodName() => inner.GetMethodName();

    public string GetInterfaceName() => inner.GetInterfaceName();

    public string GetActivityName() => inner.GetActivityName();

    public MethodInfo GetMethod() => inner.GetMethod();

    public Type GetInterfaceType() => inner.GetInterfaceType();

    public TimeSpan? GetDefaultResponseTimeout() => inner.GetDefaultResponseTimeout();

    public CancellationToken GetCancellationToken() => inner.GetCancellationToken();

    public bool TryCancel() => inner.TryCancel();

    public void Dispose() => inner.Dispose();
}
