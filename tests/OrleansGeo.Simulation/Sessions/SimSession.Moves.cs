using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Protocol.Sessions;

namespace OrleansGeo.Simulation.Sessions;

internal sealed partial class SimSession
{
    /// <summary>
    /// What a copy of a moved entity means to this session: what it saw of the shards that the entity was in counts as much as what it saw of the one that it is in.
    /// </summary>
    /// <param name="region">The copy's region.</param>
    /// <param name="shard">The shard that it is taken from.</param>
    /// <param name="epochs">Which epoch wrote which part of that.</param>
    /// <param name="shown">Up to where that is shown.</param>
    /// <param name="settled">What of the table is known to be the home's.</param>
    /// <param name="record">The entity's record in it.</param>
    /// <param name="goesOn">From where the session goes on in each shard of which something is lost. In the others it has seen what it has seen.</param>
    public FloorVerdict Judge(SimRegion region, int shard, EpochTable epochs, LogPosition shown, EpochTable settled, EntityRecord record, out ImmutableArray<(int Shard, RecordVersion Version)> goesOn)
    {
        var lost = ImmutableArray.CreateBuilder<(int, RecordVersion)>();
        FloorVerdict Check(int there, EpochTable table, LogPosition through, EpochTable known)
        {
            var verdict = Judge(there, table, through, known);
            if (verdict == FloorVerdict.Lost)
            {
                lost.Add((there, new(table.EpochAt(through), through)));
            }

            return verdict;
        }

        var own = Check(shard, epochs, shown, settled);
        var residence = Residence.Of(record);
        foreach (var via in residence?.Via ?? [])
        {
            var before = world.ShardAt(via.Shard);
            if (SessionFloor.Check(FloorOf(before), via.Epochs, via.Left.Position) == FloorVerdict.Lost)
            {
                lost.Add((before, via.Left));
            }
        }

        if (own == FloorVerdict.Satisfied && residence is { IsHere: false } left)
        {
            // It is read as it was when it left: not by who has seen it where it went, nor while nobody can tell what is shown there.
            var next = world.ShardAt(left.Shard);
            own = region.Shells[next] is { Readable: not null } there ? Check(next, there.Epochs, there.ShownVersion.Position, there.Settled) : FloorVerdict.NotYet;
        }

        goesOn = lost.ToImmutable();
        return lost.Count > 0 ? FloorVerdict.Lost : own;
    }
}
