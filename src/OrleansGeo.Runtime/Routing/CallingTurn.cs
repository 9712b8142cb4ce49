using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Runtime.Routing;

/// <summary>The turn of a geo grain that makes a call, as the router sees it. The gates say what each of these costs and means.</summary>
internal abstract class CallingTurn : CallTurn
{
    /// <summary>The turn that the running code is or was part of; null outside of geo grains.</summary>
    public static CallingTurn? Current => CallFlow.Current?.Turn as CallingTurn;

    /// <summary>The grain whose turn it is.</summary>
    public abstract GrainId Grain { get; }

    /// <summary>The same, as logs name it.</summary>
    public abstract string Entity { get; }

    public abstract RequestId Request { get; }

    public abstract bool IsOpen { get; }

    /// <summary>What is left of the caller's deadline.</summary>
    public abstract TimeSpan Remaining { get; }

    /// <summary>The lineage of the calls that this turn makes.</summary>
    public abstract Lineage Descent { get; }

    /// <summary>Whether something must become durable before anything may leave.</summary>
    public abstract bool MustHold { get; }

    /// <summary>The turn is about to act on others.</summary>
    public abstract void CallOut();

    /// <summary>What the turn called certainly did nothing. Of an ended turn that was told already.</summary>
    public abstract void CalledInVain();

    /// <summary>Completes when nothing that this turn depends on is pending.</summary>
    public abstract Task BeforeOutgoingAsync();

    /// <summary>Does something that cannot be waited for once nothing is pending; never, if what is pending is lost.</summary>
    public abstract void AfterDurable(Action action);

    /// <summary>The id of a call that the request makes, which its repeat makes, too.</summary>
    /// <param name="call">Hash of target, method and arguments.</param>
    public abstract RequestId NextNested(UInt128 call);
}
