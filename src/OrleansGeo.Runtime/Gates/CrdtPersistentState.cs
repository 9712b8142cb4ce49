using System.Collections.Immutable;
using OrleansGeo.Abstractions.Crdts;
using OrleansGeo.Abstractions.Errors;
using OrleansGeo.Protocol.Crdts;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Runtime.Gates;

/// <summary>The state behind a plain <c>[PersistentState("name", "geo")]</c> of a multi-writer grain: this region's row, and the others' merged in.</summary>
/// <remarks>The ETag is the version of the own row: what other regions wrote does not move it.</remarks>
internal sealed class CrdtPersistentState<TState>(string name, GeoActivation activation, GeoActivations silo) : IPersistentState<TState>, IGeoState
{
    private readonly TState _state = Activator.CreateInstance<TState>();
    private readonly HybridClock _clock = new();
    private CrdtView? _view;

    public TState State
    {
        get => _state;
        set => throw new GeoException(new(
            GeoErrorCode.InvalidArgument, $"State '{name}' of {activation.Entity} is a CRDT: it is changed by its own methods, not replaced. Nothing happened."));
    }

    public string? Etag => activation.Record.Version == RecordVersion.None ? null : activation.Record.Version.ToString();

    public bool RecordExists => _view is { Count: > 0 } || activation.Record.Version != RecordVersion.None;

    private CrdtView View => _view ?? throw new InvalidOperationException($"State '{name}' of {activation.Entity} is used before its activation.");

    public Task ReadStateAsync()
    {
        View.Discard();
        return Task.CompletedTask;
    }

    public Task ReadStateAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ReadStateAsync();
    }

    public async Task WriteStateAsync()
    {
        var changes = View.TakeChanges(activation.Everywhere);
        if (changes.IsEmpty)
        {
            return;
        }

        try
        {
            await activation.WriteAsync(changes);
        }
        catch
        {
            // Taken and not written: the view is made anew from what is.
            Load(activation.Record);
            throw;
        }
    }

    public Task WriteStateAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return WriteStateAsync();
    }

    public Task ClearStateAsync() => throw new GeoException(new(
        GeoErrorCode.InvalidArgument,
        $"State '{name}' of {activation.Entity} is a CRDT and cannot be cleared: other regions may be writing it. Remove its members instead. Nothing happened."));

    public Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();

    public void Load(EntityRecord record)
    {
        var regions = silo.Topology.Value.Regions;
        var view = new CrdtView(name, regions[silo.Self].Name, regions.All.Select(static region => region.Name), activation.Incarnation, silo.Limits.CrdtKeys);
        view.Apply(view.Self, record.States, record.Version);
        _view = view;
        Merge();
        ((ICrdt)(object)_state!).Bind(new CrdtBinding(view, _clock, silo.Time));
    }

    public void Merge()
    {
        foreach (var (region, record, through) in activation.PeerRows)
        {
            View.Apply(region, record.States, through);
        }
    }

    public void Committed(EntityRecord record)
    {
        if (_view is { IsInFlight: true } view)
        {
            view.Staged(record.Version);
        }
    }
}
