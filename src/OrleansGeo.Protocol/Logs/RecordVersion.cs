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

    /// <summary>The order of a row's versions: by epoch first, since a replaced store starts over with a higher epoch and, perhaps, lower positions.</summary>
    /// <remarks>In a shard's log positions never fall, and <see cref="CompareTo"/> is enough; a row's epoch is an incarnation of its region's store.</remarks>
    public int CompareIncarnationFirst(RecordVersion other)
    {
        var byEpoch = Epoch.CompareTo(other.Epoch);
        return byEpoch != 0 ? byEpoch : Position.CompareTo(other.Position);
    }

    public static bool operator <(RecordVersion left, RecordVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(RecordVersion left, RecordVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(RecordVersion left, RecordVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(RecordVersion left, RecordVersion right) => left.CompareTo(right) >= 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}.{Position.Value}");
}
