using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Homes;

/// <summary>Opens a home's log from its store, row by row: what was replayed need not stay in memory until the last row is read.</summary>
/// <param name="config">What the log is.</param>
/// <param name="head">The store's head.</param>
/// <param name="now">The home's monotonic time. The deduplication window of what is retained starts again here.</param>
internal sealed class HomeLogOpening(HomeLogConfig config, ShardHead head, TimeSpan now)
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HomeLog _log = new(config, head);

    /// <summary>Takes the store's next row, in order.</summary>
    /// <exception cref="FormatException">It is of a newer version, or damaged: this region cannot be home of the shard.</exception>
    public void Add(LogRow row) => _log.Replay(row, _names, now);

    /// <summary>Every row was taken: the log. Once.</summary>
    public HomeLog Open()
    {
        _log.Begin(now);
        return _log;
    }
}
