namespace OrleansGeo.Runtime.Enumeration;

/// <summary>Orleans' own extension for enumerations, on a geo activation: it keeps the enumerators, makes batches and lets idle ones expire; each step of the user's method passes the gate.</summary>
internal sealed class GatedEnumerations(IAsyncEnumerableGrainExtension inner, IGrainContext context) : IAsyncEnumerableGrainExtension, IAsyncDisposable, IDisposable
{
    private readonly IEnumerationGate _gate = context.GetComponent(typeof(IEnumerationGate)) as IEnumerationGate ?? new OpenGate(context);

    public ValueTask<(EnumerationResult Status, object? Value)> StartEnumeration<T>(Guid requestId, IAsyncEnumerableRequest<T> request, CancellationToken cancellationToken) =>
        inner.StartEnumeration(requestId, new GatedRequest<T>(request, _gate), cancellationToken);

    public ValueTask<(EnumerationResult Status, object? Value)> MoveNext<T>(Guid requestId, CancellationToken cancellationToken) =>
        inner.MoveNext<T>(requestId, cancellationToken);

    public ValueTask DisposeAsync(Guid requestId) => inner.DisposeAsync(requestId);

    public async ValueTask DisposeAsync()
    {
        if (inner is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }

    public void Dispose() => (inner as IDisposable)?.Dispose();
}
