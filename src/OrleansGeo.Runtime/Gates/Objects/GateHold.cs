namespace OrleansGeo.Runtime.Gates.Objects;

/// <summary>A request's place inside the gate of the object that it runs on. The object may be replaced under it, by itself.</summary>
internal sealed class GateHold(UserObject entered, bool isBeside)
{
    public UserObject Object { get; private set; } = entered;

    /// <summary>Others run at the same time.</summary>
    public bool IsBeside { get; } = isBeside;

    /// <summary>Goes on with the object that took the other one's place, and that no one else has entered yet.</summary>
    public void MoveTo(UserObject next)
    {
        if (!(IsBeside ? next.Gate.TryEnterBeside() : next.Gate.TryEnterExclusive()))
        {
            throw new InvalidOperationException("Others entered a new object before the request that made it.");
        }

        Exit();
        Object = next;
    }

    public void Exit()
    {
        if (IsBeside)
        {
            Object.Gate.ExitBeside();
        }
        else
        {
            Object.Gate.ExitExclusive();
        }
    }
}
