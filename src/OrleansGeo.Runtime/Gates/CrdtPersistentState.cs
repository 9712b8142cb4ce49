using System.Collections.Immutable;
using OrleansGeo.Crdts;
using OrleansGeo.Protocol.Crdts;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Runtime.Gates.Objects;

namespace OrleansGeo.Runtime.Gates;

/// <summary>The state behind a plain <c>[PersistentState("name", "geo")]</c> of a multi-writer grain: this region's row, and the others' merged in.</summary>
/// <remarks>The ETag is the version of the own row: what other regions wrote does not move it.</remarks>
internal sealed class CrdtPersistentState<TState>(string name, UserObject owner, GeoActivations silo) : IPersistentState<TState>, IGeoState
{
    private readonly TState _state = Activator.CreateInstance<TState>();
    private readonly HybridClock _clock = new();
    private CrdtView? _view;

    public TState State
    {
        get => _state;
        set => throw new GeoException(new(
            GeoErrorCode.InvalidArgument, $"State '{name}' of {Activation.View.Entity} is a CRDT: it is changed by its own methods, not replaced. Nothing happened."));
    }

    public string? Etag => owner.Record.Version == RecordVersion.None ? null : owner.Record.Version.ToString();

    public bool RecordExists => _view is { Count: > 0 } || owner.Record.Version != RecordVersion.None;

    private GeoActivation Activation => owner.Activation;

    private IEnumerable<(string Region, EntityRecord Record, RecordVersion Through)> Peers => Activation.View.Peers?.All ?? [];

    private CrdtView View => _view ?? throw new InvalidOperationException($"State '{name}' of {Activation.View.Entity} is used before its activation.");

    public Task ReadStateAsync() => Activation.Output.OnSchedulerAsync(() =>
    {
        View.Discard();
        return Task.CompletedTask;
    });

    public Task ReadStateAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ReadStateAsync();
    }

    /// <summary>What is taken gets the version of the entry that it becomes, and rows of others are merged beside it: so that is one step, where everything else happens.</summary>
    public Task WriteStateAsync() => Activation.Output.OnSchedulerAsync(WriteHereAsync);

    public Task WriteStateAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return WriteStateAsync();
    }

    public Task ClearStateAsync() => throw new GeoException(new(
        GeoErrorCode.InvalidArgument,
        $"State '{name}' of {Activation.View.Entity} is a CRDT and cannot be cleared: other regions may be writing it. Remove its members instead. Nothing happened."));

    public Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();

    /// <summary>Up to which entry of a region's row every region shows it; null when that is not known.</summary>
    private RecordVersion? Everywhere(string region) => silo.Rows.Everywhere(Activation.View.ShardIndex, region);

    private async Task WriteHereAsync()
    {
        var changes = View.TakeChanges(Everywhere);
        if (changes.IsEmpty)
        {
            return;
        }

        try
        {
            await Activation.Output.WriteAsync(owner, changes);
        }
        catch
        {
            // Taken and not written: the view is made anew from what is, and from what this request wrote before, which becomes an entry with it.
            Load(owner.Record);
            if (Turn.Current is { IsOpen: true } turn && ReferenceEquals(turn.Owner, owner))
            {
                View.Redo(turn.Changes);
            }

            throw;
        }
    }

    public void Load(EntityRecord record)
    {
        var regions = silo.Topology.Value.Regions;
        var view = new CrdtView(name, regions[silo.Self].Name, regions.All.Select(static region => region.Name), Activation.View.Incarnation, silo.Limits.CrdtKeys);
        view.Apply(view.Self, record.States, record.Version);
        _view = view;
        Merge();
        ((ICrdt)(object)_state!).Bind(new CrdtBinding(view, _clock, silo.Time));
    }

    public void Discard() => View.Discard();

    public void Merge()
    {
        foreach (var (region, record, through) in Peers)
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
