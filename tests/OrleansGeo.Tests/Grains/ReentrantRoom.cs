using Orleans.Concurrency;
using Orleans.Runtime;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

[GrainType("test.reentrantroom")]
[GeoGrain(Durability.Quorum, AllowInterleavedWrites = true)]
[Reentrant]
public sealed class ReentrantRoom([PersistentState("room", "geo")] IPersistentState<LedgerState> room) : RoomBase<IReentrantRoom>(room), IReentrantRoom;
