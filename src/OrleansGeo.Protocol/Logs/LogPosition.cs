namespace OrleansGeo.Protocol.Logs;

/// <summary>The place of an entry in a shard's log. The first entry is 1; 0 is "before the log". Gap-free.</summary>
/// <param name="Value">The number of the entry.</param>
public readonly record struct LogPosition(long Value) : IComparable<LogPosition>
{
    /// <summary>Before the log.</summary>
    public static LogPosition Zero => default;

    /// <summary>The position after this one.</summary>
    public LogPosition Next => new(Value + 1);

    /// <summary>The position before this one. <see cref="Zero"/> has none.</summary>
    public LogPosition Previous => new(Value - 1);

    /// <summary>The earlier of two positions.</summary>
    public static LogPosition Min(LogPosition left, LogPosition right) => left <= right ? left : right;

    /// <summary>The later of two positions.</summary>
    public static LogPosition Max(LogPosition left, LogPosition right) => left >= right ? left : right;

    /// <summary>By number.</summary>
    public int CompareTo(LogPosition other) => Value.CompareTo(other.Value);

    /// <summary>Whether <paramref name="left"/> is before <paramref name="right"/>.</summary>
    public static bool operator <(LogPosition left, LogPosition right) => left.Value < right.Value;

    /// <summary>Whether <paramref name="left"/> is after <paramref name="right"/>.</summary>
    public static bool operator >(LogPosition left, LogPosition right) => left.Value > right.Value;

    /// <summary>Whether <paramref name="left"/> is before <paramref name="right"/>, or equal to it.</summary>
    public static bool operator <=(LogPosition left, LogPosition right) => left.Value <= right.Value;

    /// <summary>Whether <paramref name="left"/> is after <paramref name="right"/>, or equal to it.</summary>
    public static bool operator >=(LogPosition left, LogPosition right) => left.Value >= right.Value;

    /// <summary>The number, decimal.</summary>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
