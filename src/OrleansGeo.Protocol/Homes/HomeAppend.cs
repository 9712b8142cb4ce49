using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Homes;

/// <summary>A row that the home's own store is to append. The same again until that says what became of it.</summary>
/// <param name="Token">The home.</param>
/// <param name="Previous">The entry before the row.</param>
/// <param name="PreviousEpoch">Its epoch.</param>
/// <param name="Entries">What the row holds.</param>
internal sealed record HomeAppend(FencingToken Token, LogPosition Previous, long PreviousEpoch, ImmutableArray<LogEntry> Entries)
{
    private LogRow? _row;

    public LogPosition Last => Entries[^1].Position;

    /// <summary>Encoded when it is asked for first: not under the shard's lock.</summary>
    public LogRow Row => _row ??= LogRowCodec.Encode(Token.Epoch, Entries);
}
