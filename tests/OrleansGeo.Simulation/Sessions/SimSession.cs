using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sessions;

namespace OrleansGeo.Simulation.Sessions;

/// <summary>A session as its client keeps it: what it has seen of each shard, by the protocol's own rules.</summary>
internal sealed partial class SimSession(SimWorld world)
{
    private SessionFloors _floors = SessionFloors.Empty;

    public RecordVersion FloorOf(int shard) => _floors.Find(world.MapIndexOf(shard)) ?? RecordVersion.None;

    /// <summary>What a copy of a shard's log means to this session.</summary>
    public FloorVerdict Judge(int shard, EpochTable epochs, LogPosition shown, EpochTable? settled = null)
    {
        var floor = FloorOf(shard);
        return world.Config.Fault == SimFault.FloorOfHigherEpochSatisfied && shown >= floor.Position && epochs.EpochAt(floor.Position) < floor.Epoch
            ? FloorVerdict.Satisfied
            : SessionFloor.Check(floor, epochs, shown, settled ?? epochs);
    }

    /// <summary>An answer came, from a copy that had been judged.</summary>
    public void Saw(int shard, RecordVersion version) => _floors = _floors.Raise(new(world.MapIndexOf(shard), version), isChecked: true);

    /// <summary>It was told that what it saw is lost, and what it goes on from.</summary>
    public void Lost(int shard, RecordVersion shown) => _floors = _floors.Repair(new(world.MapIndexOf(shard), shown));

    /// <summary>The client goes to another region, with its token.</summary>
    public void Travel() => _floors = SessionFloorsCodec.Decode(SessionFloorsCodec.Encode(_floors));
}
