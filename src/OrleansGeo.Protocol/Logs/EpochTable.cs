using System.Collections.Immutable;

namespace OrleansGeo.Protocol.Logs;

/// <summary>Which epoch wrote which part of a log: (epoch, first position), ascending in both.</summary>
public sealed class EpochTable
{
    /// <summary>The table of a log without entries.</summary>
    public static EpochTable Empty { get; } = new([]);

    private readonly ImmutableArray<EpochStart> _starts;

    /// <summary>Makes a table.</summary>
    /// <param name="starts">The first position of each epoch, ascending in epoch and in position.</param>
    /// <exception cref="ArgumentException">They do not ascend in both.</exception>
    public EpochTable(ImmutableArray<EpochStart> starts)
    {
        for (var i = 1; i < starts.Length; i++)
        {
            if (starts[i].Epoch <= starts[i - 1].Epoch || starts[i].Start <= starts[i - 1].Start)
            {
                throw new ArgumentException($"Epochs must rise with positions: {starts[i - 1]} is followed by {starts[i]}.", nameof(starts));
            }
        }

        _starts = starts;
    }

    /// <summary>The first position of each epoch, ascending in epoch and in position.</summary>
    public ImmutableArray<EpochStart> Starts => _starts;

    /// <summary>The epoch of the entry at <paramref name="position"/>; 0 before the log and before the table's memory.</summary>
    public long EpochAt(LogPosition position)
    {
        for (var i = _starts.Length - 1; i >= 0; i--)
        {
            if (_starts[i].Start <= position)
            {
                return _starts[i].Epoch;
            }
        }

        return 0;
    }

    /// <summary>The first position of the epoch that wrote <paramref name="position"/>.</summary>
    public LogPosition StartOf(LogPosition position)
    {
        for (var i = _starts.Length - 1; i >= 0; i--)
        {
            if (_starts[i].Start <= position)
            {
                return _starts[i].Start;
            }
        }

        return LogPosition.Zero;
    }

    /// <summary>The last position that an epoch up to <paramref name="epoch"/> wrote, in a log that ends at <paramref name="last"/>.</summary>
    public LogPosition EndOf(long epoch, LogPosition last)
    {
        foreach (var start in _starts)
        {
            if (start.Epoch > epoch)
            {
                return LogPosition.Min(start.Start.Previous, last);
            }
        }

        return last;
    }

    /// <summary>The last position that this log, which ends at <paramref name="last"/>, has in common with another (invariant 1: equal epoch and position, equal log).</summary>
    public LogPosition CommonWith(EpochTable other, LogPosition last, LogPosition otherLast)
    {
        for (var i = _starts.Length - 1; i >= 0; i--)
        {
            var (epoch, start) = _starts[i];
            if (start <= last && start <= otherLast && other.EpochAt(start) == epoch)
            {
                return LogPosition.Min(EndOf(epoch, last), other.EndOf(epoch, otherLast));
            }
        }

        return LogPosition.Zero;
    }

    /// <summary>The table after an entry of <paramref name="epoch"/> at <paramref name="position"/>.</summary>
    public EpochTable Append(long epoch, LogPosition position) =>
        _starts.Length > 0 && _starts[^1].Epoch == epoch ? this : new(_starts.Add(new(epoch, position)));

    /// <summary>The table of the log that ends at <paramref name="last"/>.</summary>
    public EpochTable Cut(LogPosition last) => _starts.Length > 0 && _starts[^1].Start > last
        ? new([.. _starts.Where(start => start.Start <= last)])
        : this;
}
