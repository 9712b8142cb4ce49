using System.Globalization;

namespace OrleansGeo.Protocol.Logs;

/// <summary>The version of a record: the epoch and position of the entry that wrote it. Written <c>epoch.position</c>; <c>0.0</c> is "never written".</summary>
public readonly record struct RecordVersion(long Epoch, LogPosition Position) : IComparable<RecordVersion>
{
    public static RecordVersion None => default;

    public static bool TryParse(string? text, out RecordVersion version)
    {
        version = default;
        var dot = text?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        if (dot < 0
            || !long.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            || !long.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var position))
        {
            return false;
        }

        version = new(epoch, new(position));
        return true;
    }

    public int CompareTo(RecordVersion other)
    {
        var byPosition = Position.CompareTo(other.Position);
        return byPosition != 0 ? byPosition : Epoch.CompareTo(other.Epoch);
    }

    public static bool operator <(RecordVersion left, RecordVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(RecordVersion left, RecordVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(RecordVersion left, RecordVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(RecordVersion left, RecordVersion right) => left.CompareTo(right) >= 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}.{Position.Value}");
}
