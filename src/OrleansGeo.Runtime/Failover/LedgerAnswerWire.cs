using OrleansGeo.Runtime.Shards;

namespace OrleansGeo.Runtime.Failover;

/// <summary>What the home of a shard says to a <see cref="LedgerQuestionWire"/>, in the same order. What it cannot say now is false, and asked again.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.ledger.answer")]
internal sealed record LedgerAnswerWire([property: Id(0)] bool[] HasSettled, [property: Id(1)] bool[] Knows)
{
    /// <summary>A shard that does not answer must not hold up the answers of all others.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static async Task<LedgerAnswerWire> OfAsync(IShardGrain home, LedgerQuestionWire question, TimeProvider time)
    {
        try
        {
            var knows = question.Requests.Length == 0 ? [] : await home.Knows(question.Entities, question.Requests).AsTask().WaitAsync(Patience, time);
            var settled = await Task.WhenAll(question.Regions.Select(region => home.HasSettled(region).AsTask())).WaitAsync(Patience, time);
            return new(settled, knows);
        }
        catch (Exception)
        {
            return new(new bool[question.Regions.Length], new bool[question.Requests.Length]);
        }
    }
}
