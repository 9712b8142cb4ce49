namespace OrleansGeo.Runtime.Gates.Objects;

/// <summary>A request's place inside the gate of the object that it runs on. The object may be replaced under it, by itself.</summary>
internal sealed class GateHold
{
    private readonly bool _writes;

    private GateHold(UserObject entered, bool isBeside, bool writes) => (Object, IsBeside, _writes) = (entered, isBeside, writes);

    public UserObject Object { get; private set; }

    /// <summary>Others run at the same time.</summary>
    public bool IsBeside { get; }

    /// <summary>The gate was entered alone.</summary>
    public static GateHold Alone(UserObject entered) => new(entered, isBeside: false, writes: true);

    /// <summary>Enters beside whatever is inside.</summary>
    /// <param name="entered">The object.</param>
    /// <param name="writes">It is a request that may write, or a tick.</param>
    /// <returns>Null: the gate was closed.</returns>
    public static GateHold? TryBeside(UserObject entered, bool writes) => entered.Gate.TryEnterBeside(writes) ? new(entered, isBeside: true, writes) : null;

    /// <summary>Goes on with the object that took the other one's place, and that no one else has entered yet.</summary>
    public void MoveTo(UserObject next)
    {
        if (!(IsBeside ? next.Gate.TryEnterBeside(_writes) : next.Gate.TryEnterExclusive()))
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
            Object.Gate.ExitBeside(_writes);
        }
        else
        {
            Object.Gate.ExitExclusive();
        }
    }
}
