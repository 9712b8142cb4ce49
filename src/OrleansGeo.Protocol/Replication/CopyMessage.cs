using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Replication;

/// <summary>From a home to a replica that lags beyond the home's log: one page of records.</summary>
/// <param name="Token">Who sends, and in which epoch.</param>
/// <param name="Copy">Identifies this copy: a page of another copy is refused.</param>
/// <param name="Page">0 begins the copy and discards what the replica had; pages follow in order.</param>
/// <param name="Entities">The entities of this page.</param>
/// <param name="Records">Their records.</param>
/// <param name="Start">On page 0: the home's log.</param>
/// <param name="Finish">On the last page: where the log goes on.</param>
internal sealed record CopyMessage(
    FencingToken Token, Guid Copy, int Page, ImmutableArray<string> Entities, ImmutableArray<EntityRecord> Records, CopyStart? Start, CopyFinish? Finish);
