using System.Collections.Concurrent;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Failover;

/// <summary>
/// Answers other regions about many shards at once: of each what the own store says, or why it does not. A shard whose store is slow or damaged costs the others no more than a bound.
/// </summary>
/// <remarks>
/// A promise that is not made in time is not cancelled, because its outcome would be unknown: it goes on, and the next question for it meets it.
/// So a store that always takes longer than the bound is answered for all the same, and one that hangs has one promise under way, not one for every question.
/// </remarks>
internal sealed class HeadAnswers(IRegionStore store, TimeProvider time)
{
    /// <summary>A promotion waits for this, and asks again at once for what is not done yet.</summary>
    private static readonly TimeSpan PromiseBound = TimeSpan.FromMilliseconds(250);

    /// <summary>A store that catches up is in no hurry.</summary>
    private static readonly TimeSpan ReadBound = TimeSpan.FromSeconds(1);

    /// <summary>The last promise that was asked for, of each shard.</summary>
    private readonly ConcurrentDictionary<ShardId, Asked> _asked = new();

    public Task<HeadAnswerWire[]> PromiseAsync(FenceWire[] fences) => AllAsync(
        fences, PromiseBound, (fence, ends) => PromiseAsync(new ShardId(fence.Shard), new(new RegionId(fence.Region), fence.Epoch), ends));

    public Task<HeadAnswerWire[]> ReadAsync(string[] shards) => AllAsync(shards, ReadBound, (shard, ends) => ReadAsync(new ShardId(shard), ends));

    private async Task<HeadAnswerWire[]> AllAsync<T>(T[] asked, TimeSpan bound, Func<T, CancellationToken, Task<ShardHead>> ask)
    {
        using var ends = new CancellationTokenSource(bound, time);
        return await Task.WhenAll(asked.Select(one => AnswerAsync(() => ask(one, ends.Token), bound, ends.Token)));
    }

    private static async Task<HeadAnswerWire> AnswerAsync(Func<Task<ShardHead>> ask, TimeSpan bound, CancellationToken ends)
    {
        try
        {
            return HeadAnswerWire.From(await ask());
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            return HeadAnswerWire.NotYet(bound);
        }
        catch (Exception exception)
        {
            return HeadAnswerWire.From(exception);
        }
    }

    private async Task<ShardHead> PromiseAsync(ShardId shard, FencingToken token, CancellationToken ends)
    {
        if (_asked.TryGetValue(shard, out var earlier) && earlier.Token == token && !earlier.Promise.IsFaulted && !earlier.Promise.IsCanceled)
        {
            await earlier.Promise.WaitAsync(ends);

            // What the promise read may be older than this question, and the token's region may have appended since.
            var head = await ReadAsync(shard, ends);
            if (head.Promised == token || token.IsFencedBy(head.Promised))
            {
                return head;
            }
        }

        var promise = store.PromiseAsync(shard, token, CancellationToken.None);
        promise.Ignore();
        _asked[shard] = new(token, promise);
        return await promise.WaitAsync(ends);
    }

    private Task<ShardHead> ReadAsync(ShardId shard, CancellationToken ends) => store.ReadHeadAsync(shard, ends).WaitAsync(ends);

    private sealed record Asked(FencingToken Token, Task<ShardHead> Promise);
}
