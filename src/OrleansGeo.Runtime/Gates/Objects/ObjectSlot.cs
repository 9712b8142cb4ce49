using Microsoft.Extensions.Logging;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Runtime.Errors;
using OrleansGeo.Runtime.Gates.Entities;
using OrleansGeo.Runtime.Gates.Facades;
using OrleansGeo.Runtime.Shards;

namespace OrleansGeo.Runtime.Gates.Objects;

/// <summary>Holds the activation's present user object, keeps its states true to the record, and replaces it when its memory no longer is.</summary>
/// <remarks>
/// Of a class without memory only the states are loaded again. Of one with memory the object is replaced: after another shard or role, a refused or lost write, and, on
/// a replica, after every change, where the new object is made beside the old one, which serves meanwhile with its own staleness.
/// </remarks>
internal sealed partial class ObjectSlot(GeoActivation activation, EntityView view, GrainClassTraits traits, GeoGrainActivator factory, GeoActivations silo, ILogger logger)
{
    private static readonly TimeSpan RenewalPause = TimeSpan.FromMilliseconds(50);

    private static readonly DeactivationReason Leaving = new(DeactivationReasonCode.ApplicationRequested, "the entity's home moves to another region");

    private readonly DeactivationReason _replaced = new(DeactivationReasonCode.ApplicationRequested, "its memory was no longer true: the entity changed elsewhere, or its home moved");

    private Task<bool>? _renewing;
    private bool _isRenewingBeside;
    private long _renewed;

    /// <summary>Null before the activation is constructed.</summary>
    public UserObject? Current { get; private set; }

    /// <summary>The object that is being made ready: it is nobody's yet.</summary>
    public UserObject? Starting { get; private set; }

    /// <summary>Orleans makes the activation: the first object is made with it, as the author expects.</summary>
    public void Construct() => Starting = factory.Create(activation, silo);

    /// <summary>The activation starts: the first object does, too.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await view.RefreshAsync())
        {
            throw new ShardNotHereException(silo.Topology.Value.Map[view.ShardIndex]);
        }

        Current = await PrepareAsync(Starting!, isTied: traits.IsTied, cancellationToken);
        Starting = null;
        Current.Ready();
        _renewed = silo.Time.GetTimestamp();
    }

    /// <summary>Whether a request can run on the object as it is.</summary>
    public bool IsCurrent(UserObject candidate) =>
        view.IsCurrent && IsLoaded(candidate) && IsMerged(candidate) && candidate is { MustReload: false, IsUntrue: false, NeedsHome: false };

    /// <summary>The object that requests enter now. An outdated one is replaced first, whoever is still inside it.</summary>
    /// <returns>Null: not now.</returns>
    public ValueTask<UserObject?> EnterableAsync() =>
        Current is { IsRetired: false } current && !view.MustBind && !view.IsGivenUp ? new(current) : RenewedAsync();

    /// <summary>Makes the object what this region shows, with the gate to oneself.</summary>
    /// <returns>False: not now.</returns>
    public async ValueTask<bool> RefreshAsync(GateHold hold)
    {
        if (!await view.RefreshAsync() || hold.Object.IsRetired)
        {
            return false;
        }

        var present = hold.Object;
        if (IsCurrent(present))
        {
            return true;
        }

        var isOutdated = !IsLoaded(present);
        var mustLoad = isOutdated || present.MustReload || (present.IsUntrue && !present.NeedsHome);
        if (present.IsEnded || (traits.HasMemory && (isOutdated || !IsMerged(present) || (present.IsUntrue && !present.NeedsHome))) || (mustLoad && !present.Gate.IsAlone(hold.IsBeside)))
        {
            return await ReplaceAsync(hold);
        }

        if (mustLoad)
        {
            present.Load(view);
            present.IsUntrue = false;
        }
        else if (view.Peers is not null)
        {
            present.Merge(view);
        }

        return true;
    }

    /// <summary>The object as it is now, for a read that asks nothing of its age; its successor is being made beside it. Only on a replica, and only of a class with memory.</summary>
    public UserObject? TryLag()
    {
        if (!traits.HasMemory || Current is not { IsRetired: false, IsUntrue: false, NeedsHome: false, MustReload: false } present
            || view.MustBind || view.IsGivenUp || view.Shard is not ReplicaShard || !ReferenceEquals(present.Shard, view.Shard) || view.Peers is not null)
        {
            return null;
        }

        var isDue = silo.Time.GetElapsedTime(_renewed) >= RenewalPause;
        if (isDue && traits.IsTied)
        {
            return null;
        }

        if (isDue && !_isRenewingBeside)
        {
            _isRenewingBeside = true;
            _ = RenewBesideAsync();
        }

        return present;
    }

    /// <summary>The shard is about to leave: an object that may have something to write yet writes it, and ends.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        while (Current is { IsRetired: false } present && await present.Gate.EnterExclusiveAsync())
        {
            var hold = GateHold.Alone(present);
            try
            {
                if (!present.Gate.HasBesideWriters)
                {
                    await EndInOrderAsync(hold, cancellationToken);
                    return;
                }
            }
            finally
            {
                hold.Exit();
            }

            await present.Gate.WhenNoneWritesBesideAsync();
        }
    }

    /// <summary>The activation ends.</summary>
    public async Task StopAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (Current is { IsEnded: false } current)
        {
            await EndAsync(current, reason, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var last in new[] { Current, Starting })
        {
            if (last is not null)
            {
                last.Retire();
                await last.DisposeAsync();
            }
        }
    }

    /// <summary>Runs the author's code that is no request: what it writes is an entry at once.</summary>
    public Task RunPlainAsync(UserObject on, Func<Task> code) => RunAsync(new(on, TurnKind.Plain, RequestId.None, silo.Time.GetUtcNow(), 0), code);

    /// <summary>Runs the author's code as a part of a turn.</summary>
    public static async Task RunAsync(Turn turn, Func<Task> code)
    {
        var outer = CallFlow.Current;
        CallFlow.Current = new(null, turn);
        try
        {
            await code();
        }
        finally
        {
            if (turn.Kind != TurnKind.Read)
            {
                turn.End();
            }

            CallFlow.Current = outer;
        }
    }

    /// <summary>With the gate to oneself, and no one beside who may write.</summary>
    private async Task EndInOrderAsync(GateHold hold, CancellationToken cancellationToken)
    {
        var present = hold.Object;
        if (cancellationToken.IsCancellationRequested || !view.IsHome || present.IsUntrue)
        {
            return;
        }

        try
        {
            await EndAsync(present, Leaving, cancellationToken);
        }
        catch (Exception exception)
        {
            LogNotEnded(logger, exception, view.Entity);
        }

        (present.IsUntrue, present.IsEnded) = (true, true);

        // Another takes its place at once: timers go on where the entity comes back to, and a move that is withdrawn finds it ready.
        await ReplaceAsync(hold);
    }

    /// <summary>Whether an object's states were loaded from what the view holds, or became it.</summary>
    private bool IsLoaded(UserObject candidate) =>
        ReferenceEquals(candidate.Record, view.Record) && ReferenceEquals(candidate.Shard, view.Shard) && candidate.Loads == (view.Peers?.Loads ?? 0);

    /// <summary>Of a multi-writer entity: whether all that the view took of other regions' rows is merged into an object.</summary>
    private bool IsMerged(UserObject candidate) => candidate.Takes == (view.Peers?.Takes ?? 0);

    /// <summary>The object ends while it may still write. What was refused before it is taken back first: it would be written now.</summary>
    private Task EndAsync(UserObject ending, DeactivationReason reason, CancellationToken cancellationToken)
    {
        ending.EndTimers();
        if (ending.MustReload)
        {
            ending.Discard();
            ending.MustReload = false;
        }

        return RunPlainAsync(ending, () => ending.StopAsync(reason, cancellationToken));
    }

    private async ValueTask<UserObject?> RenewedAsync()
    {
        var renewing = _renewing ??= RenewAsync();
        bool isRenewed;
        try
        {
            isRenewed = await renewing;
        }
        finally
        {
            if (ReferenceEquals(_renewing, renewing))
            {
                _renewing = null;
            }
        }

        return isRenewed && Current is { IsRetired: false } current ? current : null;
    }

    /// <summary>The shard that the object was made on closed: its writes are refused from now on, and nobody waits for what still runs in it.</summary>
    private async Task<bool> RenewAsync()
    {
        if (!await view.RefreshAsync())
        {
            return false;
        }

        return Current is { IsRetired: false } present && ReferenceEquals(present.Shard, view.Shard) && !traits.HasMemory
            || (await MakeAsync() is { } next && Swap(next));
    }

    private async ValueTask<bool> ReplaceAsync(GateHold hold)
    {
        var present = hold.Object;
        if (await MakeAsync() is not { } next)
        {
            return false;
        }

        if (present.IsRetired)
        {
            // Another request, which ran beside this one, did the same meanwhile.
            await GiveBackAsync(next);
            return false;
        }

        hold.MoveTo(next);
        return Swap(next);
    }

    private async Task RenewBesideAsync()
    {
        try
        {
            if (await view.RefreshAsync() && view.Shard is ReplicaShard && await MakeAsync(isNeeded: false) is { } next)
            {
                if (ReferenceEquals(next.Shard, view.Shard) && !view.MustBind)
                {
                    Swap(next);
                }
                else
                {
                    _ = RetireAsync(next);
                }
            }
        }
        finally
        {
            _isRenewingBeside = false;
        }
    }

    /// <summary>A new object, ready to take requests; null: it cannot be had here now.</summary>
    private async Task<UserObject?> MakeAsync(bool isNeeded = true)
    {
        if (traits.IsTied)
        {
            view.GiveUp("its memory was no longer true, and its class uses the activation's own lifecycle");
            return null;
        }

        UserObject? next = null;
        try
        {
            next = factory.Create(activation, silo);
            await PrepareAsync(next, isTied: false, CancellationToken.None);
            _renewed = silo.Time.GetTimestamp();
            return ReferenceEquals(next.Shard, view.Shard) ? next : await GiveBackAsync(next);
        }
        catch (Exception exception)
        {
            if (next is null && exception.InnerException is { } inner && IsLateSubscription(inner))
            {
                // It wants the activation's own lifecycle, which has started: only a new activation has another one.
                traits.IsTied = true;
            }
            else
            {
                LogNotRenewed(logger, exception, view.Entity);
            }

            if (next is not null)
            {
                await GiveBackAsync(next);
            }

            if (isNeeded || traits.IsTied)
            {
                view.GiveUp($"its object could not be made anew: {exception.Message}");
            }

            // Otherwise the old one goes on, and says how old it is; the next one is tried after a pause.
            _renewed = silo.Time.GetTimestamp();
            return null;
        }
    }

    private async Task<UserObject?> GiveBackAsync(UserObject unused)
    {
        unused.Retire();
        try
        {
            await unused.DisposeAsync();
        }
        catch (Exception exception)
        {
            LogNotEnded(logger, exception, view.Entity);
        }

        return null;
    }

    private async Task<UserObject> PrepareAsync(UserObject next, bool isTied, CancellationToken cancellationToken)
    {
        next.Load(view);
        try
        {
            await RunPlainAsync(next, () => next.StartAsync(isTied, cancellationToken));
        }
        catch (Exception) when (next.NeedsHome)
        {
            // It asks for a write, which only the home can make: the home answers until what it wrote is here.
            if (!traits.NeedsHome)
            {
                traits.NeedsHome = true;
                LogNeedsHome(logger, view.Entity);
            }
        }

        return next;
    }

    private bool Swap(UserObject next)
    {
        var old = Current;
        Current = next;
        next.Ready();
        if (old is not null)
        {
            _ = RetireAsync(old);
        }

        return true;
    }

    /// <summary>Requests that run in it finish; then it ends as a deactivated grain does, without writing.</summary>
    private async Task RetireAsync(UserObject old)
    {
        old.Retire();
        await old.Gate.WhenLeftAsync();
        try
        {
            if (!old.IsEnded)
            {
                await RunPlainAsync(old, () => old.StopAsync(_replaced, CancellationToken.None));
            }
        }
        catch (Exception exception)
        {
            LogNotEnded(logger, exception, view.Entity);
        }

        try
        {
            await old.DisposeAsync();
        }
        catch (Exception exception)
        {
            LogNotEnded(logger, exception, view.Entity);
        }
    }

    private static bool IsLateSubscription(Exception exception) => exception is InvalidOperationException && exception.StackTrace?.Contains(nameof(LifecycleSubject), StringComparison.Ordinal) == true;

    [LoggerMessage(Level = LogLevel.Error, Message = "The object of {Entity} could not be made anew, because its constructor or OnActivateAsync failed. A replica goes on with the old one, which says how old it is; a home's activation ends, and the next caller is told.")]
    private static partial void LogNotRenewed(ILogger logger, Exception exception, string entity);

    [LoggerMessage(Level = LogLevel.Warning, Message = "OnActivateAsync of {Entity} writes, or calls a method that is not [ReadOnly]. That is left to the home: where nothing was written yet, and wherever it calls each time, reads of its type are answered by the home. Said once for its class.")]
    private static partial void LogNeedsHome(ILogger logger, string entity);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The replaced object of {Entity} failed when it ended. What it wanted to write then was refused; its successor has what was written before.")]
    private static partial void LogNotEnded(ILogger logger, Exception exception, string entity);
}
