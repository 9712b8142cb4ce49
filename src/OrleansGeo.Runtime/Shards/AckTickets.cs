using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Runtime.Shards;

/// <summary>Who waits for which position: one ticket a row, shared by everybody whose position is in it. The shard's lock guards it.</summary>
internal sealed class AckTickets
{
    private readonly Queue<Ticket> _sealed = new();
    private Ticket _open = new();

    /// <summary>Completes when <paramref name="position"/>, which is not acknowledged yet, is.</summary>
    public Task For(LogPosition position)
    {
        foreach (var ticket in _sealed)
        {
            if (position <= ticket.Last)
            {
                return ticket.Task;
            }
        }

        return _open.Task;
    }

    public void Seal(LogPosition last)
    {
        _open.Last = last;
        _sealed.Enqueue(_open);
        _open = new();
    }

    /// <summary>Takes the tickets up to <paramref name="acknowledged"/>; complete them outside of the lock.</summary>
    public void Take(LogPosition acknowledged, List<TaskCompletionSource> taken)
    {
        while (_sealed.TryPeek(out var oldest) && oldest.Last <= acknowledged)
        {
            taken.Add(_sealed.Dequeue());
        }
    }

    public void Fail(Exception exception)
    {
        foreach (var ticket in _sealed.Append(_open))
        {
            ticket.TrySetException(exception);

            // Nobody may be waiting for this one.
            _ = ticket.Task.Exception;
        }

        _sealed.Clear();
    }

    private sealed class Ticket() : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public LogPosition Last { get; set; }
    }
}
