using Orleans.Runtime;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

[GrainType("test.openroom")]
[GeoGrain(Durability.Quorum, AllowInterleavedWrites = true)]
public sealed class OpenRoom([PersistentState("room", "geo")] IPersistentState<LedgerState> room) : RoomBase<IOpenRoom>(room), IOpenRoom;
