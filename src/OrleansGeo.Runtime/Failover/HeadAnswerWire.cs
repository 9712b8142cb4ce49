using OrleansGeo.Protocol.Logs;
using OrleansGeo.Runtime.Logs;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Failover;

/// <summary>What a region answers of one shard of a batch: its head, or why not.</summary>
/// <param name="Verdict">Which.</param>
/// <param name="Head">The head, of <see cref="HeadVerdict.Head"/>.</param>
/// <param name="Problem">In words, of the other verdicts.</param>
/// <param name="IsUnproven">The region's store is not known to hold all that it held: its log may be taken, and its promise is no vote.</param>
[GenerateSerializer, Immutable, Alias("orleansgeo.headanswer")]
internal readonly record struct HeadAnswerWire(
    [property: Id(0)] HeadVerdict Verdict, [property: Id(1)] ShardHeadWire? Head, [property: Id(2)] string? Problem, [property: Id(3)] bool IsUnproven = false)
{
    public static HeadAnswerWire From(ShardHead head) => From(ShardHeadWire.From(head));

    public static HeadAnswerWire From(ShardHeadWire head) => new(HeadVerdict.Head, head, null);

    public static HeadAnswerWire NotYet(TimeSpan after) => new(HeadVerdict.NotYet, null, FormattableString.Invariant($"its store has not answered within {after.TotalMilliseconds:0} ms"));

    public static HeadAnswerWire From(Exception failure) => new(
        failure is RegionStoreException store
            ? store.Failure switch
            {
                RegionStoreFailure.Corrupt => HeadVerdict.Corrupt,
                RegionStoreFailure.Unavailable or RegionStoreFailure.InUse => HeadVerdict.Unavailable,
                _ => HeadVerdict.Failed,
            }
            : HeadVerdict.Failed,
        null,
        failure.Message.TrimEnd('.', ' '));

    /// <summary>The head; null when there is none, and <see cref="Problem"/> says why.</summary>
    public ShardHead? TryGetHead() => Verdict == HeadVerdict.Head ? Head?.ToHead() : null;
}
