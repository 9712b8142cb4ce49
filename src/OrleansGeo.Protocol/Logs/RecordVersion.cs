using System.Globalization;

namespace OrleansGeo.Protocol.Logs;

/// <summary>The version of a record: the epoch and position of the entry that wrote it. Written <c>epoch.position</c>; <c>0.0</c> is "never written".</summary>
/// <param name="Epoch">The epoch of the entry.</param>
/// <param name="Position">The position of the entry.</param>
public readonly record struct RecordVersion(long Epoch, LogPosition Position) : IComparable<RecordVersion>
{
    /// <summary>The version of what was never written: <c>0.0</c>.</summary>
    public static RecordVersion None => default;

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <param name="text">Two decimal numbers with a point between them, without signs or blanks.</param>
    /// <param name="version">The version; <see cref="None"/> when the text is none.</param>
    /// <returns>False when the text is no version.</returns>
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

    /// <summary>By position, then by epoch: the order of versions in one shard's log.</summary>
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

    /// <summary>Whether <paramref name="left"/> is older than <paramref name="right"/>, by <see cref="CompareTo"/>.</summary>
    public static bool operator <(RecordVersion left, RecordVersion right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> is newer than <paramref name="right"/>, by <see cref="CompareTo"/>.</summary>
    public static bool operator >(RecordVersion left, RecordVersion right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> is older than <paramref name="right"/>, by <see cref="CompareTo"/>, or equal to it.</summary>
    public static bool operator <=(RecordVersion left, RecordVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> is newer than <paramref name="right"/>, by <see cref="CompareTo"/>, or equal to it.</summary>
    public static bool operator >=(RecordVersion left, RecordVersion right) => left.CompareTo(right) >= 0;

    /// <summary><c>epoch.position</c>, both decimal.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}.{Position.Value}");
}
