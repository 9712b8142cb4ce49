using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Orleans.Serialization.Invocation;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Runtime.Enumeration;
using OrleansGeo.Runtime.Errors;
using OrleansGeo.Runtime.Filters;
using OrleansGeo.Runtime.Gates.Entities;
using OrleansGeo.Runtime.Gates.Facades;
using OrleansGeo.Runtime.Gates.Objects;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Runtime.Topology;
using OrleansGeo.Runtime.Tracing;

namespace OrleansGeo.Runtime.Gates;

/// <summary>
/// One activation of a geo grain: the entity as this silo sees it, the author's object, and the gates before and behind it. Input: requests run one at a
/// time, <c>[ReadOnly]</c> ones together. Output: nothing leaves before the log position that it depends on is durable as the grain type demands.
/// </summary>
/// <remarks>Everything here runs on the activation's scheduler, one thread at a time.</remarks>
internal sealed class GeoActivation : ICallGate, IEnumerationGate
{
    /// <summary>How long a call that its own caller seems to wait for may be left to one that does not, in fact.</summary>
    private static readonly TimeSpan CycleGrace = TimeSpan.FromMilliseconds(500);

    /// <summary>How long an activation waits for its shard, which a region that starts has not opened yet.</summary>
    private static readonly TimeSpan OpensWithin = TimeSpan.FromMilliseconds(500);

    private readonly GeoGrainPolicy _policy;
    private readonly GeoActivations _silo;
    private readonly WriterTally? _writers;
    private GrainClassTraits _traits = null!;
    private ObjectSlot _objects = null!;
    private WritePath _writes = null!;
    private ReadPath _reads = null!;

    public GeoActivation(IGrainContext context, GeoGrainPolicy policy, GeoActivations silo)
    {
        Context = context;
        _policy = policy;
        _silo = silo;
        _writers = policy.FollowsWriters ? silo.Follower.NewTally() : null;
        View = new(context.GrainId, policy, silo, reason => context.Deactivate(new(DeactivationReasonCode.ApplicationRequested, reason)));
    }

    public IGrainContext Context { get; }

    public GrainId GrainId => Context.GrainId;

    public object? Instance => Context.GrainInstance;

    public GateFilters Filters => _silo.Filters;

    /// <summary>The author's object is told that it ends before the entity moves.</summary>
    public bool LeavesInOrder => _traits.LeavesInOrder;

    public bool IsMultiWriter => _policy.IsMultiWriter;

    public EntityView View { get; }

    public OutputGate Output { get; private set; } = null!;

    public ActivationReminders Reminders { get; private set; } = null!;

    /// <summary>What to say to a request that cannot be served at this moment: at once again where the activation makes way for another.</summary>
    public ReplyKind NotNow => View.IsGivenUp ? ReplyKind.Again : ReplyKind.NotNow;

    /// <summary>The object that becomes ready here while this region is not the entity's home; null: there is none.</summary>
    public UserObject? StartingHere => Turn.Current is { IsOpen: true, Kind: TurnKind.Plain } turn && ReferenceEquals(turn.Owner.Activation, this) && IsStarting(turn.Owner) ? turn.Owner : null;

    /// <summary>What names the entity's state in its answers (<see cref="GeoCallResult.Tag"/>).</summary>
    public string TagOf(RecordVersion version) => new GeoCallResult { Version = version, Moves = View.Generation }.Tag;

    public TimeSpan RemainingUntil(long deadline) => deadline == 0 ? Timeout.InfiniteTimeSpan : new TimeSpan(Math.Max(0, deadline - _silo.Clock.Now.Ticks));

    /// <summary>Whether an object is being made ready, and takes no requests yet.</summary>
    public bool IsStarting(UserObject candidate) => !candidate.IsRetired && !ReferenceEquals(candidate, _objects.Current);

    /// <summary>Orleans makes the grain.</summary>
    public void Construct(GeoGrainActivator factory, ILogger logger)
    {
        _traits = factory.Traits;
        Output = new(View, _traits, _policy, _silo);
        _objects = new(this, View, _traits, factory, _silo, logger);
        Reminders = new(this, View, Output, _silo);
        var claims = new EntityClaims(View, _silo);
        var replies = new Replies(View, claims, _silo);
        var homes = new HomeWait(View, replies, _silo, GrainId);
        _writes = new(this, _traits, View, claims, _objects, Output, replies, homes, _silo);
        _reads = new(this, View, claims, _objects, Output, replies, homes, _silo);
        _objects.Construct();
    }

    /// <summary>Before anything else starts that may read a state.</summary>
    public async Task BindAsync(CancellationToken cancellationToken)
    {
        var added = _silo.Shards.WhenAdded(View.ShardIndex);
        if (!_silo.Shards.TryGet(View.ShardIndex, out _) && !_silo.Authority.MustAskHomes && !_silo.Authority.IsIsolated)
        {
            // A region that starts: the shard opens here, or it would not have been said to be here.
            await Task.WhenAny(added, Task.Delay(OpensWithin, _silo.Time, cancellationToken));
        }

        if (!await View.RefreshAsync())
        {
            View.Stop();
            throw new ShardNotHereException(_silo.Topology.Value.Map[View.ShardIndex]);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => _objects.StartAsync(cancellationToken);

    public Task EndAsync(DeactivationReason reason, CancellationToken cancellationToken) => _objects.StopAsync(reason, cancellationToken);

    public Task UnbindAsync(CancellationToken cancellationToken)
    {
        View.Stop();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => _objects.DisposeAsync();

    /// <summary>A request arrives at the gate.</summary>
    public ValueTask<Response> InvokeAsync<T>(GeoCall<T> call) => call.Trace is null ? PassAsync(call) : PassTracedAsync(call);

    /// <summary>Enters the gate of the present object.</summary>
    /// <returns>Null: not now.</returns>
    /// <exception cref="GeoException"><see cref="GeoErrorCode.CallCycle"/>.</exception>
    public async ValueTask<GateHold?> EnterAsync(IGeoCall call)
    {
        var writes = (call.Flags & GeoCallFlags.Read) == 0;
        while (await _objects.EnterableAsync() is { } current)
        {
            if (!current.Gate.IsFree && call.Lineage is { } lineage && !Interleaves(current, call) && await LeavesCycleAsync(current, call, lineage) is { } hold)
            {
                return hold;
            }

            if (Interleaves(current, call))
            {
                if (GateHold.TryBeside(current, writes) is { } beside)
                {
                    return beside;
                }
            }
            else if (await current.Gate.EnterExclusiveAsync())
            {
                return GateHold.Alone(current);
            }
        }

        return null;
    }

    /// <summary>A timer of an object falls due.</summary>
    public async Task<TickOutcome> RunTickAsync(UserObject owner, bool isInterleaved, Func<Task> tick)
    {
        await owner.WhenReady;
        var hold = owner.IsRetired ? null
            : isInterleaved ? GateHold.TryBeside(owner, writes: true)
            : await owner.Gate.EnterExclusiveAsync() ? GateHold.Alone(owner) : null;
        if (hold is null)
        {
            // Its successor has timers of its own.
            return TickOutcome.Over;
        }

        var phase = EnterRows();
        try
        {
            var isRefreshed = await _objects.RefreshAsync(hold);
            if (owner.IsRetired)
            {
                return TickOutcome.Over;
            }

            if (!isRefreshed)
            {
                return TickOutcome.NotNow;
            }

            if (!View.IsHome && !_traits.TicksOnReplicas)
            {
                // What a replica's timer did to the outside would be done in every region. An object with memory is never the home's later on: another takes its place then.
                return _traits.HasMemory ? TickOutcome.Over : TickOutcome.Away;
            }

            await _objects.RunPlainAsync(owner, tick);
            return TickOutcome.Over;
        }
        finally
        {
            LeaveRows(phase);
            hold.Exit();
        }
    }

    /// <summary>As in Orleans an enumeration runs beside requests, for it may wait for what one of them brings; what it writes is an entry at once.</summary>
    public async ValueTask<IEnumerationPlace> BeginAsync(bool isRead)
    {
        // Nothing waits for its end: whoever takes the elements may take his time.
        if (await _objects.EnterableAsync() is not { } current || GateHold.TryBeside(current, writes: false) is not { } hold)
        {
            throw Output.NotHome().ToException();
        }

        try
        {
            if (!await _objects.RefreshAsync(hold) || hold.Object.NeedsHome || (!isRead && (!View.IsHome || View.Home is { MayAct: false })))
            {
                throw Output.NotHome().ToException();
            }

            return new EnumerationPlace(this, hold, isRead, _silo);
        }
        catch
        {
            hold.Exit();
            throw;
        }
    }

    /// <summary>
    /// The shard leaves this region, planned, and still takes writes: the object ends as a deactivated grain does, and what it had only in memory is written. The
    /// next request finds the new home.
    /// </summary>
    public Task LeaveAsync(CancellationToken cancellationToken) => Output.OnSchedulerAsync(() => _objects.LeaveAsync(cancellationToken));

    /// <summary>The object whose code asks for something of Orleans, such as a timer or its state by Orleans' own bridge: the one that runs, or becomes ready. Null before there is one.</summary>
    public UserObject? OwnerOfCode => Turn.Current is { } turn && ReferenceEquals(turn.Owner.Activation, this) ? turn.Owner : _objects.Current ?? _objects.Starting;

    public int EnterRows() => View.Peers is null ? 0 : _silo.Rows.Turns.Enter();

    public void LeaveRows(int phase)
    {
        if (View.Peers is not null)
        {
            _silo.Rows.Turns.Leave(phase);
        }
    }

    /// <summary>A write came from a region: perhaps enough did for the entity to move there.</summary>
    public void NoteWriter(byte origin)
    {
        if (_writers?.Note(origin, _silo.Self, _silo.Follower.Now) is { } region)
        {
            _silo.Follower.Follow(GrainId, _policy, region, View.Residence);
        }
    }

    public GeoException RefuseExtension(Type extension) => new(new(
        GeoErrorCode.InvalidConfiguration,
        extension.Name == "IStreamConsumerExtension"
            ? $"{View.Entity} cannot subscribe to a stream: its events would arrive in the region that produces them, beside the entity's other requests and perhaps away from its home. Subscribe in a plain grain, and let that call a method of this one. Nothing happened."
            : $"{View.Entity} cannot bind the extension {extension}: its calls would pass beside the entity's other requests, perhaps away from its home. Make them methods of a grain interface. Nothing happened."));

    private ValueTask<Response> PassAsync<T>(GeoCall<T> call) => (call.Flags & GeoCallFlags.Read) != 0 ? _reads.RunAsync(call) : _writes.RunAsync(call);

    private async ValueTask<Response> PassTracedAsync<T>(GeoCall<T> call)
    {
        using var span = GeoTracing.Continue("orleansgeo.gate", ActivityKind.Server, call.Trace);
        span?.SetTag("orleansgeo.entity", View.Entity).SetTag("orleansgeo.region", _silo.Topology.Value.Regions[_silo.Self].ToString());
        return await PassAsync(call);
    }

    /// <summary>
    /// A request that waits for one inside, over others, can never come in after it. It comes in beside it if the author allowed the chain to come back; otherwise, unless the
    /// one inside does not wait for it after all and ends, it is refused.
    /// </summary>
    /// <returns>Null: it is no cycle, or none any more.</returns>
    private async ValueTask<GateHold?> LeavesCycleAsync(UserObject current, IGeoCall call, Lineage lineage)
    {
        var writes = (call.Flags & GeoCallFlags.Read) == 0;
        if (Output.Inside is { IsOpen: true } inside && ReferenceEquals(inside.Owner, current) && lineage.Contains(inside.Id))
        {
            if (ReentrantSections.IsOpen(Context, RequestContext.ReentrancyId))
            {
                // What the open turn changed so far comes first.
                if (!inside.Changes.IsEmpty && !Output.StagePart(inside, mustFinish: true))
                {
                    throw Output.Refused(inside.Failure!.Value).ToException();
                }

                return GateHold.TryBeside(current, writes);
            }

            await Task.WhenAny(inside.WhenEndedAsync(), Task.Delay(CycleGrace, _silo.Time));
            return inside.IsOpen ? throw Cycle(lineage) : null;
        }

        if (current.Gate.HasReaders && lineage.Contains(current.Reader.Id))
        {
            if (!writes || ReentrantSections.IsOpen(Context, RequestContext.ReentrancyId))
            {
                // Readers pass a writer that waits for one of them.
                return GateHold.TryBeside(current, writes);
            }

            await Task.Delay(CycleGrace, _silo.Time);
            return current.Gate.HasReaders ? throw Cycle(lineage) : null;
        }

        return null;
    }

    private GeoException Cycle(Lineage lineage) => new(new(
        GeoErrorCode.CallCycle,
        $"The call can never be answered, because it waits for a request that waits for it: {lineage.Describe(View.Entity)}. It did not run. Do not wait for it, mark the method [ReadOnly] or [AlwaysInterleave] if that is right, or allow the chain to come back with RequestContext.AllowCallChainReentrancy()."));

    /// <summary>Whether the author lets the request run beside others. As in Orleans, the class, the method, or the class's judgement of this request or of the one inside.</summary>
    private bool Interleaves(UserObject current, IGeoCall call) =>
        (call.Flags & GeoCallFlags.Read) != 0
            ? InterleavedMethods.Contains(call.Inner)
            : _traits.AllowsInterleavedWrites
                && (_traits.IsReentrant
                    || InterleavedMethods.Contains(call.Inner)
                    || (_traits.MayInterleave is { } may && (may.Allows(current.Instance!, call.Inner) || (Output.Inside?.Call is { } inside && may.Allows(current.Instance!, inside)))));
}
