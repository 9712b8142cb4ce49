using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization.Invocation;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Runtime.Gates.Entities;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Runtime.Shards;

namespace OrleansGeo.Runtime.Gates.Objects;

/// <summary>One object of the author's class, with its states, services, timers and gate. It lives only as long as its memory is true.</summary>
/// <remarks>Used on the activation's scheduler only.</remarks>
internal sealed class UserObject
{
    private readonly IServiceScope _scope;
    private readonly List<IGeoState> _states = [];
    private readonly List<IDisposable> _timers = [];
    private readonly ObjectLifecycle _lifecycle;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _retired = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IDisposable? _leaving;

    public UserObject(GeoActivation activation, IServiceProvider services, ObjectLifecycle lifecycle)
    {
        Activation = activation;
        _scope = services.CreateScope();
        _lifecycle = lifecycle;
        Context = new(activation.Context, this, _scope.ServiceProvider, lifecycle);
        Reader = new(this, TurnKind.Read, RequestId.None, default, 0);
    }

    public GeoActivation Activation { get; }

    public ObjectContext Context { get; }

    public ActivationGate Gate { get; } = new();

    /// <summary>The author's object; null while it is constructed.</summary>
    public object? Instance { get; private set; }

    public UserTarget Target { get; private set; } = null!;

    /// <summary>The turn of all <c>[ReadOnly]</c> requests: they change nothing, so that one is enough.</summary>
    public Turn Reader { get; }

    /// <summary>The shard that the states were taken from.</summary>
    public Shard? Shard { get; private set; }

    /// <summary>The record that the states were loaded from, or became.</summary>
    public EntityRecord Record { get; private set; } = EntityRecord.Empty;

    /// <summary>Of a multi-writer entity: how often rows had been loaded anew.</summary>
    public int Loads { get; private set; }

    /// <summary>Of a multi-writer entity: which of the rows' changes are merged.</summary>
    public int Takes { get; private set; }

    /// <summary>A mark of how fresh the object is known to be.</summary>
    public long Freshness { get; set; } = -1;

    /// <summary>The states hold what was never written: they are read again before the next request.</summary>
    public bool MustReload { get; set; }

    /// <summary>Something that the object did was refused or lost: its fields may not be true.</summary>
    public bool IsUntrue { get; set; }

    /// <summary>The object could not be made ready on this replica, for that asks for a write: the home answers for it.</summary>
    public bool NeedsHome { get; set; }

    /// <summary>It is being told that it ends.</summary>
    public bool IsEnding { get; private set; }

    /// <summary>It was told that it ends.</summary>
    public bool IsEnded { get; set; }

    /// <summary>Another object took its place, or the activation ends: it finishes what runs, and writes nothing more.</summary>
    public bool IsRetired => _retired.Task.IsCompleted;

    /// <summary>Completes once <see cref="IsRetired"/>.</summary>
    public Task WhenRetired => _retired.Task;

    public void Constructed(object instance)
    {
        Instance = instance;
        Target = new(instance, Activation.Context);
    }

    public void Add(IGeoState state)
    {
        _states.Add(state);
        if (Shard is not null)
        {
            state.Load(Record);
        }
    }

    /// <summary>The state that Orleans' own bridge holds, made when it first reads.</summary>
    public BridgedState<T> Bridged<T>(IGrainState<T> holder, Func<BridgedState<T>> make)
    {
        if (_states.OfType<BridgedState<T>>().FirstOrDefault(state => ReferenceEquals(state.Holder, holder)) is { } known)
        {
            return known;
        }

        var made = make();
        _states.Add(made);
        return made;
    }

    /// <summary>Completes once the object takes requests, or never will: its timers wait for that.</summary>
    public Task WhenReady => _ready.Task;

    public void Ready() => _ready.TrySetResult();

    public void Add(IDisposable timer)
    {
        if (IsRetired)
        {
            timer.Dispose();
        }
        else
        {
            _timers.Add(timer);
        }
    }

    /// <summary>The states become what the view shows. Only with the gate to oneself.</summary>
    public void Load(EntityView view)
    {
        if (!ReferenceEquals(Shard, view.Shard))
        {
            Shard = view.Shard;
            _leaving?.Dispose();
            _leaving = Activation.LeavesInOrder && Shard is HomeShard home ? home.Leaving.OnLeaving(Activation.LeaveAsync, Activation.View.Entity) : null;
        }

        foreach (var state in _states)
        {
            state.Load(view.Record);
        }

        Loads = view.Peers?.Loads ?? 0;
        Takes = view.Peers?.Takes ?? 0;
        MustReload = false;

        // Last: a state that cannot be read must not pass for loaded.
        Record = view.Record;
    }

    public void Merge(EntityView view)
    {
        Takes = view.Peers!.Takes;
        foreach (var state in _states)
        {
            state.Merge();
        }
    }

    /// <summary>A request failed: the states hold what was written, fields stay as in Orleans.</summary>
    public void Discard()
    {
        foreach (var state in _states)
        {
            state.Discard();
        }
    }

    /// <summary>What the states hold is an entry now.</summary>
    public void Committed(EntityRecord record)
    {
        Record = record;
        foreach (var state in _states)
        {
            state.Committed(record);
        }
    }

    /// <summary>Runs the author's method, within the filters that the host and the class have.</summary>
    public ValueTask<Response> InvokeAsync(IGeoCall call)
    {
        var request = call.Inner;
        request.SetTarget(Target);
        return Activation.Filters.InvokeAsync(request, Instance!, Context, call.Source);
    }

    /// <summary>What Orleans does when a grain is activated: states of the region's own and services start, then the author's method runs.</summary>
    public async Task StartAsync(bool isTied, CancellationToken cancellationToken)
    {
        if (!isTied && Instance is ILifecycleParticipant<IGrainLifecycle> participant)
        {
            participant.Participate(_lifecycle);
        }

        await _lifecycle.OnStart(cancellationToken);
        if (Instance is IGrainBase grain)
        {
            await grain.OnActivateAsync(cancellationToken);
        }
    }

    /// <summary>Nothing comes in any more, and timers stop.</summary>
    public void Retire()
    {
        _retired.TrySetResult();
        Ready();
        Gate.Close();
        _leaving?.Dispose();
        EndTimers();
    }

    public void EndTimers()
    {
        foreach (var timer in _timers)
        {
            timer.Dispose();
        }

        _timers.Clear();
    }

    /// <summary>What Orleans does when a grain is deactivated.</summary>
    public async Task StopAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        IsEnding = true;
        if (Instance is IGrainBase grain)
        {
            await grain.OnDeactivateAsync(reason, cancellationToken);
        }
    }

    /// <summary>Ends services of the object; its instance last.</summary>
    public async Task DisposeAsync()
    {
        Debug.Assert(IsRetired, "It may still be called.");
        await _lifecycle.OnStop(CancellationToken.None);
        switch (Instance)
        {
            case IAsyncDisposable disposable:
                await disposable.DisposeAsync();
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }

        if (_scope is IAsyncDisposable scope)
        {
            await scope.DisposeAsync();
        }
        else
        {
            _scope.Dispose();
        }
    }
}
