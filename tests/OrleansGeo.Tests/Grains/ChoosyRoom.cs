using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

[GrainType("test.choosyroom")]
[GeoGrain(Durability.Quorum, AllowInterleavedWrites = true)]
[MayInterleave(nameof(IsQuick))]
public sealed class ChoosyRoom([PersistentState("room", "geo")] IPersistentState<LedgerState> room) : RoomBase<IChoosyRoom>(room), IChoosyRoom
{
    /// <summary>Only what is said to be quick runs beside others.</summary>
    public static bool IsQuick(IInvokable request) => request.GetMethodName() == nameof(Append) && request.GetArgument(0) is "quick";
}
