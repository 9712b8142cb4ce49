using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Storage;

/// <summary>Rows to append after <paramref name="Previous"/>, whose epoch the writer says is <paramref name="PreviousEpoch"/>.</summary>
public sealed record AppendCommand(FencingToken Token, LogPosition Previous, long PreviousEpoch, ImmutableArray<LogRow> Rows);
