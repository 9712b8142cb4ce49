using OrleansGeo.Protocol.Logs;
using OrleansGeo.Runtime.Routing;

namespace OrleansGeo.Runtime.Gates;

/// <summary>What a read is based on, taken before its method runs: what the method sees does not get newer while it waits.</summary>
/// <param name="Version">The record's.</param>
/// <param name="Freshness">The shard's mark, from which the staleness follows when the answer leaves.</param>
/// <param name="Flow">The method's flow, with the session of the calls that it makes; null: its caller has none.</param>
internal readonly record struct ReadMark(RecordVersion Version, long Freshness, NestedFlow? Flow);
