using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Sessions;

/// <summary>What a session has seen: of each shard the newest entry, the shard seen last first. Immutable.</summary>
/// <remarks>
/// Bounded: past <see cref="Limit"/> shards the one that was not seen for longest is forgotten. What that costs is speed, not the promise:
/// from then on (<see cref="HasForgotten"/>) a shard that is not listed is read at its home, which has everything that was acknowledged. Only the
/// news that a write to a forgotten shard was lost by a forced promotion does not reach the session any more.
/// </remarks>
internal sealed class SessionFloors
{
    /// <summary>How many shards a session remembers.</summary>
    public const int Limit = 32;

    private readonly ImmutableArray<SessionFloor> _floors;

    private SessionFloors(ImmutableArray<SessionFloor> floors, bool hasForgotten) => (_floors, HasForgotten) = (floors, hasForgotten);

    public static SessionFloors Empty { get; } = new([], false);

    /// <summary>The shard seen last first.</summary>
    public ImmutableArray<SessionFloor> All => _floors;

    /// <summary>Shards were forgotten: one that is not listed may have been seen all the same.</summary>
    public bool HasForgotten { get; }

    public static SessionFloors Of(IEnumerable<SessionFloor> floors, bool hasForgotten = false)
    {
        var all = floors.ToImmutableArray();
        return new(all.Length > Limit ? all[..Limit] : all, hasForgotten || all.Length > Limit);
    }

    /// <summary>What was seen of the shard; null: nothing that is remembered.</summary>
    public RecordVersion? Find(int shard)
    {
        foreach (var floor in _floors)
        {
            if (floor.Shard == shard)
            {
                return floor.Version;
            }
        }

        return null;
    }

    /// <summary>The session saw this. What it saw before stays if it is newer, or of another epoch and not checked: whether that was lost is not known then.</summary>
    /// <param name="seen">A record's version, as it came with an answer.</param>
    /// <param name="isChecked">The answer came from a copy that shows what the session saw before.</param>
    public SessionFloors Raise(SessionFloor seen, bool isChecked)
    {
        if (seen.Version == RecordVersion.None)
        {
            return this;
        }

        if (Find(seen.Shard) is { } before && (before >= seen.Version || (!isChecked && before.Epoch != seen.Version.Epoch)))
        {
            return _floors[0].Shard == seen.Shard ? this : Put(new(seen.Shard, before));
        }

        return Put(seen);
    }

    /// <summary>This, and shards that another part of the session saw and has forgotten.</summary>
    public SessionFloors WithForgotten() => HasForgotten ? this : new(_floors, true);

    /// <summary>The session was told what it lost: from here on this is what it saw.</summary>
    public SessionFloors Repair(SessionFloor floor) => Put(floor);

    private SessionFloors Put(SessionFloor first)
    {
        // Of nearly every answer in a session: no enumerators.
        var others = 0;
        foreach (var floor in _floors)
        {
            others += floor.Shard == first.Shard ? 0 : 1;
        }

        var floors = new SessionFloor[Math.Min(others + 1, Limit)];
        floors[0] = first;
        var count = 1;
        foreach (var floor in _floors)
        {
            if (floor.Shard != first.Shard && count < floors.Length)
            {
                floors[count++] = floor;
            }
        }

        return new(ImmutableCollectionsMarshal.AsImmutableArray(floors), HasForgotten || others + 1 > Limit);
    }
}
