using Orleans.Serialization.Invocation;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Runtime.Enumeration;
using OrleansGeo.Runtime.Errors;
using OrleansGeo.Runtime.Gates.Objects;
using OrleansGeo.Runtime.Routing;

namespace OrleansGeo.Runtime.Gates;

/// <summary>One enumeration, inside the gate of the object that it began on from its first element to its end.</summary>
internal sealed class EnumerationPlace(GeoActivation activation, GateHold hold, bool isRead, GeoActivations silo) : IEnumerationPlace
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private bool _isEnded;

    public ITargetHolder Target => hold.Object.Target;

    public async ValueTask<bool> StepAsync(Func<Task<bool>> step)
    {
        var owner = hold.Object;
        var phase = activation.EnterRows();
        try
        {
            if (!isRead && HasLeft(owner))
            {
                throw Aborted();
            }

            var hasNext = false;
            var running = ObjectSlot.RunAsync(NextTurn(owner), async () => hasNext = await step());
            if (!isRead && !running.IsCompleted && !await EndsAsync(running, owner))
            {
                running.Ignore();
                throw Aborted();
            }

            await running;
            await activation.Output.WhenSeenIsDurableAsync(owner);
            return hasNext;
        }
        catch (Exception exception) when (exception is ShardClosedException or GeoException { Code: GeoErrorCode.NotHome } || (exception is GeoException && !isRead && HasLeft(owner)))
        {
            throw Aborted();
        }
        finally
        {
            activation.LeaveRows(phase);
        }
    }

    public void End()
    {
        if (!_isEnded)
        {
            _isEnded = true;
            hold.Exit();
        }
    }

    /// <summary>The entity is at home elsewhere, or not at home here for a moment: requests, and what they bring, come to another object.</summary>
    private bool HasLeft(UserObject owner) => owner.Shard is not { IsOpen: true } || (activation.View.Live?.Current is { } record && Residence.HasLeft(record));

    /// <returns>False: what the step waits for may never come.</returns>
    private async Task<bool> EndsAsync(Task running, UserObject owner)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = owner.Shard!.Closing.UnsafeRegister(static source => ((TaskCompletionSource)source!).SetResult(), closed);
        while (!running.IsCompleted && !owner.IsRetired && !HasLeft(owner))
        {
            // Nothing tells an object without memory that its entity alone left.
            await Task.WhenAny(running, owner.WhenRetired, closed.Task, Task.Delay(LookAgain, silo.Time));
        }

        return running.IsCompleted;
    }

    private GeoException Aborted() => new(new(
        GeoErrorCode.EnumerationAborted,
        $"The enumeration of {activation.View.Entity} ended before its last element, with the object that it ran on: its home moved, or this region's lease ended for a moment, or the object was replaced, because a write was refused or, of a multi-writer entity, another region's came. The elements that came are right, none came twice and none was left out; enumerate anew for more."));

    /// <summary>A step runs for the call that asks for its element: who waits for that one waits for the step.</summary>
    private Turn NextTurn(UserObject owner)
    {
        var lineage = LineageContext.Read(silo.Serializer);
        return !isRead ? new(owner, TurnKind.Plain, RequestId.None, silo.Time.GetUtcNow(), 0) { Lineage = lineage }
            : lineage is null ? owner.Reader
            : new(owner, TurnKind.Read, RequestId.None, default, 0) { Id = owner.Reader.Id, Lineage = lineage };
    }
}
