using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using OrleansGeo.Crdts;
using OrleansGeo.Runtime.States;

namespace OrleansGeo.Testing;

/// <summary>A state of a grain under test, in memory. It behaves as a <c>geo</c> state does.</summary>
/// <remarks>
/// The state object is made by its constructor. A write keeps bytes, made by the runtime's own serializer, and every activation and <c>ReadStateAsync</c> makes the object
/// of them: a member that is not serialized is missing then, as it would be in another region. <c>ReadStateAsync</c> takes back what was not written. The ETag moves
/// with every write. A CRDT is one region's row, with another region's beside it (<see cref="Change"/>).
/// </remarks>
/// <typeparam name="TState">The type of the state.</typeparam>
public abstract class GeoTestState<TState> : IPersistentState<TState>, ITestState
{
    private readonly Queue<Exception> _failures = new();

    private protected GeoTestState()
    {
    }

    /// <summary>The grain's own state object, with what it has not written.</summary>
    public abstract TState State { get; set; }

    /// <summary>What is stored: a copy, which changes nothing. A new state object if nothing is.</summary>
    public abstract TState Stored { get; }

    /// <inheritdoc/>
    public abstract bool RecordExists { get; }

    /// <summary>The number of writes and clears that took effect.</summary>
    public int Writes { get; private set; }

    /// <summary>Null until the first write.</summary>
    public string? Etag => Writes == 0 ? null : $"1.{Writes}";

    /// <summary>
    /// Changes what is stored without the grain: what a test starts from. An active grain sees it when it reads or is activated again, a CRDT at once:
    /// there it is what another region wrote.
    /// </summary>
    public abstract void Change(Action<TState> change);

    /// <summary>Has a write or clear of the grain fail with the exception, after those that were told before. Nothing is stored by it.</summary>
    public void FailNextWrite(Exception exception) => _failures.Enqueue(exception);

    /// <inheritdoc/>
    public Task ReadStateAsync()
    {
        Discard();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ReadStateAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ReadStateAsync();
    }

    /// <inheritdoc/>
    public Task WriteStateAsync() => Keep(isClear: false);

    /// <inheritdoc/>
    public Task WriteStateAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return WriteStateAsync();
    }

    /// <inheritdoc/>
    public Task ClearStateAsync() => Keep(isClear: true);

    /// <inheritdoc/>
    public Task ClearStateAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ClearStateAsync();
    }

    void ITestState.Reload() => Reload();

    internal static GeoTestState<TState> Create(string name, IServiceProvider services) => typeof(ICrdt).IsAssignableFrom(typeof(TState))
        ? new CrdtTestState<TState>(name, services.GetRequiredService<TimeProvider>())
        : new PlainTestState<TState>(services.GetRequiredService<StateSerializer<TState>>());

    private protected abstract void Reload();

    /// <summary>Takes back what was not written.</summary>
    private protected abstract void Discard();

    /// <returns>Whether there was something to write.</returns>
    private protected abstract bool Write();

    private protected abstract void Clear();

    /// <summary>What a refused write leaves of the state object.</summary>
    private protected abstract void Refused();

    private Task Keep(bool isClear)
    {
        if (_failures.TryDequeue(out var failure))
        {
            Refused();
            return Task.FromException(failure);
        }

        if (isClear)
        {
            Clear();
        }
        else if (!Write())
        {
            return Task.CompletedTask;
        }

        Writes++;
        return Task.CompletedTask;
    }
}
