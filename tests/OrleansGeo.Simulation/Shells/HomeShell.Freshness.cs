using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Simulation.Shells;

internal sealed partial class HomeShell
{
    private LogPosition _opened;
    private LogPosition _acknowledged;
    private TimeSpan? _mayActUntil;
    private TimeSpan _promisedAt;

    public bool IsHandingOver => Log is { IsHandingOver: true };

    /// <summary>Up to here, at most, anybody acknowledged the log: what was acknowledged before an opening is not known to be again, and is no less acknowledged.</summary>
    public LogPosition AcknowledgedAtMost => LogPosition.Max(_acknowledged, _opened);

    /// <summary>After it asked for the lease: until when that lasts, and what was acknowledged by then.</summary>
    private void NoteAuthority()
    {
        if (IsAlive && Region.MayServe(Shard, token))
        {
            _mayActUntil = Region.Control!.Control.ValidUntil;
            _acknowledged = Log!.Acknowledged;
        }
    }

    private void RememberHome()
    {
        if (IsCurrent && Log is not null)
        {
            // What homes before it acknowledged is not shown before it was acknowledged here again; and of what another activation did, nothing is known here.
            var showsAll = _acknowledged >= _opened && !IsRow && !World.Config.DuplicateActivations;
            TimeSpan? until = _mayActUntil is { } end ? (end < Region.Now ? end : Region.Now) : null;
            Region.WasHome(Shard, _acknowledged, showsAll ? _given ? _promisedAt : until : null);
        }
    }
}
