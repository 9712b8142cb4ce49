using Microsoft.Extensions.Logging;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Shards;

/// <summary>Says, once, which rows of a shard this region cannot read, and what follows from that: they are asked for again and again until it can.</summary>
internal sealed partial class UnreadableRows(ILogger logger, RegionId self, ShardId shard)
{
    private string? _refused;
    private string? _notHome;

    /// <summary>As a replica. Null: it can read all that it has and was sent.</summary>
    public void Refused(string? problem)
    {
        if (Interlocked.Exchange(ref _refused, problem) != problem && problem is not null)
        {
            LogRefused(logger, self, shard, problem);
        }
    }

    /// <summary>It should be home of the shard.</summary>
    public void NotHome(string problem)
    {
        if (Interlocked.Exchange(ref _notHome, problem) != problem)
        {
            LogNotHome(logger, self, shard, problem);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Region} cannot read rows of shard {Shard}: {Problem} It takes neither them nor what follows, so its reads there become older, and writes count here for nothing. It goes on by itself once {Region} is of the version that wrote them; a damaged row in its own store needs another store, which the other regions fill")]
    private static partial void LogRefused(ILogger logger, RegionId region, ShardId shard, string problem);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Region} cannot be home of shard {Shard}, because it cannot read its log: {Problem} Another region must be, or this one upgraded; a damaged row in its own store needs another store, which the other regions fill")]
    private static partial void LogNotHome(ILogger logger, RegionId region, ShardId shard, string problem);
}
