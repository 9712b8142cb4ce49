using System.Buffers.Binary;
using System.Collections.Immutable;
using Orleans.Serialization.Invocation;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Runtime.Gates.Objects;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Runtime.Shards;

namespace OrleansGeo.Runtime.Gates;

/// <summary>One request inside the input gate: what it changed, and what it called. Code finds its own by its asynchronous flow.</summary>
/// <remarks>
/// A turn is open or ended. Code of an ended turn that still runs is outside: its writes are entries of their own, and its calls carry no id. A turn that was stopped (<see cref="Failure"/>) is
/// repeated as a whole: from then on none of its code has an effect.
/// </remarks>
internal sealed class Turn(UserObject owner, TurnKind kind, RequestId request, DateTimeOffset made, long deadline) : CallingTurn
{
    private ImmutableArray<StateChange> _changes = [];
    private Dictionary<UInt128, int>? _equalCalls;
    private int _guids;
    private Lineage? _descent;
    private RequestId _root;
    private TaskCompletionSource? _ended;
    private Departures? _inside;
    private int _calls;
    private bool _isOpen = true;

    /// <summary>The turn that the running code is or was part of; null outside of geo grains.</summary>
    public static new Turn? Current => CallFlow.Current?.Turn as Turn;

    /// <summary>The author's object that it runs on.</summary>
    public UserObject Owner { get; } = owner;

    public TurnKind Kind { get; } = kind;

    public override GrainId Grain => Owner.Activation.GrainId;

    public override string Entity => Owner.Activation.View.Entity;

    public override RequestId Request { get; } = request;

    public override bool IsOpen => _isOpen;

    /// <summary>The request itself; null of what is none.</summary>
    public IInvokable? Call { get; init; }

    public ImmutableArray<StateChange> Changes => _changes;

    /// <summary>Why the turn was stopped; the whole request then fails, whatever its method makes of it. Null: it was not.</summary>
    public StageVerdict? Failure { get; private set; }

    /// <summary>Whether a part of the request is an entry already.</summary>
    public bool HasStaged { get; private set; }

    /// <summary>Whether others did what the request called them for, or may have.</summary>
    public bool HasCalled => _calls > 0;

    /// <summary>Whether something of the request stands, or may. From then on nobody may say that nothing happened.</summary>
    public bool HasEffects => HasStaged || HasCalled;

    public override DateTimeOffset UtcNow => made;

    public TurnId Id { get; init; } = TurnId.Next();

    /// <summary>The turns that wait for this one, as its caller told; null: none.</summary>
    public Lineage? Lineage { get; init; }

    /// <summary>The lineage of the calls that this turn makes.</summary>
    public override Lineage Descent => _descent ??= Lineage.Extend(Lineage, Id, Entity);

    /// <summary>What is left of the caller's deadline.</summary>
    public override TimeSpan Remaining => Owner.Activation.RemainingUntil(deadline);

    /// <summary>Whether something must become durable before anything may leave.</summary>
    public override bool MustHold => Owner.Activation.Output.MustHold(this);

    public static int BytesOf(ImmutableArray<StateChange> changes)
    {
        var bytes = 0;
        foreach (var change in changes)
        {
            bytes += change.Bytes?.Length ?? 0;
        }

        return bytes;
    }

    /// <summary>
    /// The turn is about to have an effect: an entry, or a call to others. From the first one on it is inside its shard, and waited for if that leaves. If it may not come inside, it is
    /// stopped: nothing happened, and the request comes again where the shard, or the entity, goes.
    /// </summary>
    /// <param name="mustFinish">What takes effect is not the turn's alone, and would not come again with it.</param>
    /// <returns>False: the turn was stopped, now or before.</returns>
    public bool TryAct(bool mustFinish = false)
    {
        if (Kind != TurnKind.Write)
        {
            return true;
        }

        lock (this)
        {
            if (Failure is not null || !IsOpen || _inside is not null || Owner.Shard is not HomeShard home)
            {
                return Failure is null;
            }

            if (home.Departures.TryEnter(Entity, mustFinish || Lineage is not null))
            {
                _inside = home.Departures;
                return true;
            }

            // Before the turn can end: it must not be answered if one of its calls was not made.
            Failure = StageVerdict.StaleRecord;
            return false;
        }
    }

    /// <summary>Something that the turn did, or waits for, was refused or lost: it fails as a whole, unless it has ended.</summary>
    public void Stop(StageVerdict verdict)
    {
        lock (this)
        {
            Failure ??= IsOpen && Kind == TurnKind.Write ? verdict : null;
        }
    }

    /// <summary>The turn is about to act on others.</summary>
    /// <exception cref="GeoException"><see cref="GeoErrorCode.HomeUnavailable"/>: it was stopped (<see cref="TryAct"/>). <see cref="GeoErrorCode.NotHome"/>: see <see cref="RefuseOnReplica"/>.</exception>
    public override void CallOut()
    {
        RefuseOnReplica();
        if (Kind != TurnKind.Write)
        {
            return;
        }

        lock (this)
        {
            if (TryAct())
            {
                _calls++;
                return;
            }
        }

        throw Owner.Activation.Output.Refused(Failure!.Value).ToException();
    }

    /// <summary>What the turn called certainly did nothing. Of an ended turn that was told already.</summary>
    public override void CalledInVain()
    {
        lock (this)
        {
            _calls -= IsOpen && Kind == TurnKind.Write ? 1 : 0;
        }
    }

    /// <summary>
    /// An object that becomes ready, or ends, on a replica asks others to do something: it would be done once in every region. So it is left to the home's object, and the home
    /// answers until what that wrote is here.
    /// </summary>
    /// <exception cref="GeoException"><see cref="GeoErrorCode.NotHome"/>.</exception>
    private void RefuseOnReplica()
    {
        var activation = Owner.Activation;
        if (Kind == TurnKind.Plain && IsOpen && (Owner.IsRetired || (!activation.View.IsHome && (Owner.IsEnding || activation.IsStarting(Owner)))))
        {
            // The end of an object that was replaced, or of a replica's, is no end of the entity: its successor, or the home's, stands for that.
            Owner.NeedsHome |= !Owner.IsRetired && !Owner.IsEnding;
            throw activation.Output.NotHome().ToException();
        }
    }

    /// <summary>Completes when nothing that this turn depends on is pending. What it changed so far becomes an entry of its own, and durable, first.</summary>
    public override Task BeforeOutgoingAsync() => Owner.Activation.Output.BeforeOutgoingAsync(this);

    /// <summary>Does something that cannot be waited for once nothing is pending; never, if what is pending is lost.</summary>
    public override void AfterDurable(Action action) => _ = AfterDurableAsync(action);

    public override Task DurableAsync()
    {
        // It asks because it is about to act on something outside of Orleans.
        CallOut();
        return MustHold ? BeforeOutgoingAsync() : Task.CompletedTask;
    }

    public override Guid NewGuid()
    {
        if (Request.IsNone || !IsOpen)
        {
            return Guid.NewGuid();
        }

        Span<byte> bytes = stackalloc byte[16];
        lock (this)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(bytes, Root.Draw(++_guids));
        }

        return new(bytes);
    }

    /// <summary>
    /// The id of a call that the request makes: of what is called and with which arguments, and its number among equal ones. Not of its place: a repeat that
    /// skips a step whose effect is stored already makes another call.
    /// </summary>
    /// <param name="call">Hash of target, method and arguments.</param>
    public override RequestId NextNested(UInt128 call)
    {
        // Few requests make calls side by side: an object for this alone would cost every request.
        lock (this)
        {
            var number = (_equalCalls ??= []).GetValueOrDefault(call);
            _equalCalls[call] = number + 1;
            return Root.Nested(call, number);
        }
    }

    /// <summary>The turn ends: whatever of its code still runs is outside.</summary>
    public void End()
    {
        lock (this)
        {
            _isOpen = false;
        }

        _ended?.TrySetResult();
    }

    /// <summary>After the end: what it wrote has its place in the log, or never will. Its shard may leave.</summary>
    public void Settled() => _inside?.Leaves(Entity);

    /// <summary>Completes when the turn ends. On the activation's scheduler.</summary>
    public Task WhenEndedAsync() => IsOpen ? (_ended ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;

    public void Set(ImmutableArray<StateChange> changes)
    {
        if (_changes.IsEmpty)
        {
            _changes = changes;
            return;
        }

        foreach (var change in changes)
        {
            Set(change);
        }
    }

    public bool TryFind(string name, out StateChange change)
    {
        foreach (var candidate in _changes)
        {
            if (candidate.Name == name)
            {
                change = candidate;
                return true;
            }
        }

        change = default;
        return false;
    }

    /// <summary>How large the changes would be with these, which replace earlier ones of the same states.</summary>
    public int BytesWith(ImmutableArray<StateChange> changes)
    {
        var bytes = BytesOf(changes);
        foreach (var earlier in _changes)
        {
            bytes += changes.Any(change => change.Name == earlier.Name) ? 0 : earlier.Bytes?.Length ?? 0;
        }

        return bytes;
    }

    /// <summary>The changes so far are staged; what follows is another entry.</summary>
    public void Staged()
    {
        _changes = [];
        HasStaged = true;
    }

    /// <summary>An entry was made while the request ran that may hold a part of what it did: its reminders, or a write from outside.</summary>
    public void StagedElsewhere() => HasStaged = true;

    // Only under the lock.
    private RequestId Root => _root.IsNone ? _root = Request.At(Entity) : _root;

    private async Task AfterDurableAsync(Action action)
    {
        await BeforeOutgoingAsync();
        action();
    }

    private void Set(StateChange change)
    {
        for (var i = 0; i < _changes.Length; i++)
        {
            if (_changes[i].Name == change.Name)
            {
                _changes = _changes.SetItem(i, change);
                return;
            }
        }

        _changes = _changes.Add(change);
    }
}
