using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Sessions;

/// <summary>The newest entry of a shard that a session has seen: nothing older may be shown to it.</summary>
/// <param name="Shard">The shard's index in the world's map.</param>
/// <param name="Version">The epoch and position of the record that was read or written.</param>
internal readonly record struct SessionFloor(int Shard, RecordVersion Version)
{
    /// <summary>Invariant 7: judges a copy of the shard's log by its table of epochs, which tells an entry that is not there yet from one that never will be.</summary>
    /// <param name="floor">What the session saw.</param>
    /// <param name="epochs">Which epoch wrote which part of the copy's log.</param>
    /// <param name="shown">Up to here the copy can be read.</param>
    public static FloorVerdict Check(RecordVersion floor, EpochTable epochs, LogPosition shown)
    {
        if (floor.Position == LogPosition.Zero)
        {
            return FloorVerdict.Satisfied;
        }

        foreach (var (epoch, start) in epochs.Starts)
        {
            if (epoch > floor.Epoch && start <= floor.Position)
            {
                return FloorVerdict.Lost;
            }
        }

        return shown >= floor.Position && epochs.EpochAt(floor.Position) == floor.Epoch ? FloorVerdict.Satisfied : FloorVerdict.NotYet;
    }

    /// <summary>The same of a copy that may end with an epoch that was lost itself: that an entry is lost is told only by what is known to be the home's.</summary>
    /// <param name="floor">What the session saw.</param>
    /// <param name="epochs">Which epoch wrote which part of the copy's log.</param>
    /// <param name="shown">Up to here the copy can be read.</param>
    /// <param name="settled">What of that table is known to be the home's.</param>
    public static FloorVerdict Check(RecordVersion floor, EpochTable epochs, LogPosition shown, EpochTable settled)
    {
        var verdict = Check(floor, epochs, shown);
        return verdict == FloorVerdict.Lost && Check(floor, settled, shown) != FloorVerdict.Lost ? FloorVerdict.NotYet : verdict;
    }
}
