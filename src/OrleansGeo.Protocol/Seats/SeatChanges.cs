using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Seats;

/// <summary>What a seat asks of the topology, one change at a time, and when it looks again.</summary>
internal sealed class SeatChanges(SeatConfig config, ISeatView view, SeatScript script)
{
    private long _asked;

    /// <summary>When the role is looked at again although nothing happened.</summary>
    public TimeSpan Retry { get; set; } = SeatScript.Never;

    /// <summary>An epoch of this region's that its store cannot be home of: it is not opened again, however long the topology takes to say so.</summary>
    public HomeAssignment? GaveUp { get; private set; }

    /// <summary>Who is to have the shard instead, under a new epoch.</summary>
    public RegionId GaveUpTo { get; private set; }

    public void GiveUp(HomeAssignment assignment, RegionId to) => (GaveUp, GaveUpTo) = (assignment, to);

    public void LookAt(TimeSpan due) => Retry = due < Retry ? due : Retry;

    public void Ended(long number)
    {
        if (number == _asked)
        {
            _asked = 0;
        }
    }

    /// <summary>Asks for a change, and waits until something came of it. An answer that does not come must not keep a lease that ended, or a home that moved, from being seen.</summary>
    public IEnumerable<SeatWait> Ask(SeatChange change)
    {
        if (_asked == 0)
        {
            _asked = script.Begin(new SeatEffect.Change(change));
        }

        var (version, generation) = (view.Decided.Version, view.Generation);
        while (_asked != 0 && view.Decided.Version == version && view.Generation == generation)
        {
            yield return script.Until(SeatScript.Never);
        }

        LookAt(script.Now + config.RetryAfter);
        if (_asked != 0)
        {
            // Something else happened, which has not been looked at.
            script.News();
        }
    }

    /// <summary>Has a new epoch of the shard allotted: first a reservation that stands is taken back.</summary>
    public IEnumerable<SeatWait> Give(HomeAssignment assignment, RegionId to) => Ask(
        view.Decided[config.Index].ReservedToken is { } reserved
            ? new SeatChange.Withdraw(config.Index, assignment, reserved)
            : new SeatChange.Reallot(config.Index, assignment, to));
}
