using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Tests.Protocol.Crdts;

/// <summary>An entry of a row's log, and how many operations of its row had happened with it.</summary>
internal sealed record RowEntry(RecordVersion Version, ImmutableArray<StateRecord> States, int Ops);
