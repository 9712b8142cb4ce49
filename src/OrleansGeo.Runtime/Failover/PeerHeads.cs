using OrleansGeo.Runtime.Errors;
using OrleansGeo.Runtime.Logs;

namespace OrleansGeo.Runtime.Failover;

/// <summary>
/// Asks another region about many shards in one message. Each has an answer of its own. A region of an earlier version, which answers for all of them or for none, is asked for each
/// alone.
/// </summary>
internal sealed class PeerHeads(IControlGrain control, TimeProvider time)
{
    /// <summary>For as long is one shard waited for at a region of an earlier version, which knows no bound.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Has the region promise. The answers come in the order of what was asked.</summary>
    public Task<HeadAnswerWire[]> FenceAsync(FenceWire[] fences) => AskAsync(fences, control.FenceEach, fence => control.Fence([fence]));

    /// <summary>Where the region's logs end. The answers come in the order of what was asked.</summary>
    public Task<HeadAnswerWire[]> ReadAsync(string[] shards) => AskAsync(shards, control.HeadsEach, shard => control.Heads([shard]));

    private async Task<HeadAnswerWire[]> AskAsync<T>(T[] asked, Func<T[], ValueTask<HeadAnswerWire[]>> together, Func<T, ValueTask<ShardHeadWire[]>> alone)
    {
        HeadAnswerWire[] answers;
        try
        {
            answers = await together(asked);
        }
        catch (Exception exception) when (!Failures.IsTransient(exception))
        {
            // Its silo could not read the message.
            answers = await Task.WhenAll(asked.Select(one => AloneAsync(alone(one).AsTask())));
        }

        return answers.Length == asked.Length ? answers : throw new InvalidOperationException($"A region answered of {answers.Length} shards where it was asked about {asked.Length}.");
    }

    private async Task<HeadAnswerWire> AloneAsync(Task<ShardHeadWire[]> question)
    {
        question.Ignore();
        try
        {
            return HeadAnswerWire.From((await question.WaitAsync(Patience, time))[0]);
        }
        catch (TimeoutException)
        {
            return HeadAnswerWire.NotYet(Patience);
        }
        catch (Exception exception)
        {
            return HeadAnswerWire.From(exception);
        }
    }
}
