using Orleans.Serialization.Invocation;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Runtime.Enumeration;
using OrleansGeo.Runtime.Errors;
using OrleansGeo.Runtime.Gates.Objects;
using OrleansGeo.Runtime.Routing;

namespace OrleansGeo.Runtime.Gates;

/// <summary>One enumeration, inside the gate of the object that it began on from its first element to its end.</summary>
internal sealed class EnumerationPlace(GeoActivation activation, GateHold hold, bool isRead, GeoActivations silo) : IEnumerationPlace
{
    private bool _isEnded;

    public ITargetHolder Target => hold.Object.Target;

    public async ValueTask<bool> StepAsync(Func<ValueTask<bool>> step)
    {
        var owner = hold.Object;
        var phase = activation.EnterRows();
        try
        {
            var hasNext = false;
            await ObjectSlot.RunAsync(NextTurn(owner), async () => hasNext = await step());
            await activation.Output.WhenSeenIsDurableAsync(owner);
            return hasNext;
        }
        catch (Exception exception) when (exception is ShardClosedException or GeoException { Code: GeoErrorCode.NotHome })
        {
            throw new GeoException(new(
                GeoErrorCode.EnumerationAborted,
                $"The enumeration of {activation.View.Entity} ended before its last element: this region is not its home any more. The elements that came are right, none came twice and none was left out; enumerate anew for more."));
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

    /// <summary>A step runs for the call that asks for its element: who waits for that one waits for the step.</summary>
    private Turn NextTurn(UserObject owner)
    {
        var lineage = LineageContext.Read(silo.Serializer);
        return !isRead ? new(owner, TurnKind.Plain, RequestId.None, silo.Time.GetUtcNow(), 0) { Lineage = lineage }
            : lineage is null ? owner.Reader
            : new(owner, TurnKind.Read, RequestId.None, default, 0) { Id = owner.Reader.Id, Lineage = lineage };
    }
}
