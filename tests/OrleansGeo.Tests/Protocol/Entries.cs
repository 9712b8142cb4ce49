using System.Collections.Immutable;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Protocol;

/// <summary>Short ways to make entries, rows and tokens.</summary>
internal static class Entries
{
    public static FencingToken Token(string region, long epoch) => new(new(region), epoch);

    public static LogPosition At(long position) => new(position);

    public static LogEntry Write(long epoch, long position, string entity = "e", string state = "a", byte value = 0, ulong request = 0) => new()
    {
        Kind = EntryKind.Write,
        Position = At(position),
        Entity = entity,
        Request = new(0, request),
        EntityVersion = new(epoch, At(position)),
        Changes = [new(state, new(epoch, At(position)), new byte[] { value })],
        Answer = new[] { value },
    };

    /// <summary>A row of writes from one position to another.</summary>
    public static LogRow Row(long epoch, long first, long last, byte value = 0) =>
        LogRowCodec.Encode(epoch, [.. Enumerable.Range(0, (int)(last - first + 1)).Select(i => Write(epoch, first + i, value: value))]);

    public static LogRow Row(long epoch, long position) => Row(epoch, position, position);

    /// <summary>The row as a version would write it that this one cannot read.</summary>
    public static LogRow Newer(LogRow row)
    {
        var bytes = row.Bytes.ToArray();
        bytes[0]++;
        return row with { Bytes = bytes };
    }

    public static ShardHead Head(FencingToken token, params ImmutableArray<LogRow> rows) => AppendFence.Advance(ShardHead.Empty, token, rows, 0);

    public static HomeLogConfig Config(FencingToken token, OrleansGeo.Protocol.Sharding.ShardFamily family, int replicas) => new()
    {
        Token = token,
        Family = family,
        Regions = new([.. Enumerable.Range(0, replicas + 1).Select(static i => new RegionId($"r{i}"))]),
        Quorums = new(replicas + 1),
        Replicas = [.. Enumerable.Range(1, replicas).Select(static i => new RegionId($"r{i}"))],
    };
}
