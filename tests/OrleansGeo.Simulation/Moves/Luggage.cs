using System.Collections.Immutable;
using OrleansGeo.Protocol.Deduplication;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;

namespace OrleansGeo.Simulation.Moves;

/// <summary>A page of what an entity takes along from the shard that it leaves: remembered requests, and with the last of them its states.</summary>
/// <param name="Verdict">Whether it left.</param>
/// <param name="Remembered">Requests that took effect there.</param>
/// <param name="Next">Where the next page begins; zero: this is the last.</param>
/// <param name="States">What it was when it left.</param>
/// <param name="Via">The shards on its way.</param>
internal sealed record Luggage(
    MoveVerdict Verdict,
    ImmutableArray<(RequestId Request, RecordedAnswer Answer)> Remembered,
    LogPosition Next,
    ImmutableArray<StateChange> States,
    ImmutableArray<ViaShard> Via)
{
    public static Luggage None(MoveVerdict verdict) => new(verdict, [], LogPosition.Zero, [], []);
}
