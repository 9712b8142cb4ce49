using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Shards;

/// <summary>A shard's log as its store has it, page by page, so that no more than one page is in memory for being read.</summary>
internal static class LogPages
{
    private const int PageBytes = 4 * 1024 * 1024;

    public static async IAsyncEnumerable<ImmutableArray<LogRow>> ReadAsync(
        IRegionStore store, ShardId shard, LogPosition from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await store.ReadLogAsync(shard, from, PageBytes, cancellationToken) is { IsEmpty: false } page)
        {
            yield return page;
            from = page[^1].Last.Next;
        }
    }
}
