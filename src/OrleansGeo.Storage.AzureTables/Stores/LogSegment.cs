using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>From a position on, a log's rows are those that were written under this generation.</summary>
internal readonly record struct LogSegment(Guid Generation, LogPosition Start);
