namespace OrleansGeo.Protocol.Logs;

/// <summary>The place of an entry in a shard's log. The first entry is 1; 0 is "before the log". Gap-free.</summary>
public readonly record struct LogPosition(long Value) : IComparable<LogPosition>
{
    public static LogPosition Zero => default;

    public LogPosition Next => new(Value + 1);

    public LogPosition Previous => new(Value - 1);

    public static LogPosition Min(LogPosition left, LogPosition right) => left <= right ? left : right;

    public static LogPosition Max(LogPosition left, LogPosition right) => left >= right ? left : right;

    public int CompareTo(LogPosition other) => Value.CompareTo(other.Value);

    public static bool operator <(LogPosition left, LogPosition right) => left.Value < right.Value;

    public static bool operator >(LogPosition left, LogPosition right) => left.Value > right.Value;

    public static bool operator <=(LogPosition left, LogPosition right) => left.Value <= right.Value;

    public static bool operator >=(LogPosition left, LogPosition right) => left.Value >= right.Value;

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
