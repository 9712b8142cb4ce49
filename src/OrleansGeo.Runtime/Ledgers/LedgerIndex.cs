using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Runtime.Shards.Records;
using OrleansGeo.Runtime.Topology;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Ledgers;

/// <summary>What cuts removed from a store, of shards whose family acknowledges when the home has stored. Each cut row is read once: they stay in the store for good, and so do not here. Thread-safe.</summary>
/// <remarks>What a cut removes of a quorum shard was never acknowledged, and its callers repeat it.</remarks>
internal sealed partial class LedgerIndex(IRegionStore store, CurrentTopology topology, TimeProvider time, ILogger logger)
{
    private readonly long _began = time.GetTimestamp();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly SortedDictionary<(long Cut, LogPosition Position), LostEntry> _entries = [];
    private readonly Dictionary<(long Cut, LogPosition Position), OpenEntry> _open = [];
    private ImmutableHashSet<long> _rows = [];
    private bool _isRead;

    private TimeSpan Now => time.GetElapsedTime(_began);

    /// <summary>All of them, oldest first.</summary>
    public Task<ImmutableArray<LostEntry>> ReadAsync(CancellationToken cancellationToken = default) =>
        UseAsync(() => _entries.Values.ToImmutableArray(), cancellationToken);

    /// <summary>Those whose homes are to be asked now whether they took effect after all; they count as asked.</summary>
    /// <param name="most">So many at most, those first that are due for longest. The others are due next time.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public Task<ImmutableArray<LostEntry>> TakeDueAsync(int most, CancellationToken cancellationToken) => UseAsync(
        () =>
        {
            var now = Now;
            var due = _open.Values.Where(open => open.Due <= now).OrderBy(static open => open.Due).Take(most).ToList();
            due.ForEach(open => open.Asked(now));
            return due.Select(static open => open.Entry).ToImmutableArray();
        },
        cancellationToken);

    /// <summary>They were dealt with: their homes are not asked for them any more.</summary>
    public async Task CloseAsync(params IReadOnlyCollection<LostEntry> entries)
    {
        await _turn.WaitAsync();
        foreach (var entry in entries)
        {
            _open.Remove((entry.Cut, entry.Position));
        }

        _turn.Release();
    }

    public Task<LostEntry?> FindAsync(long cut, LogPosition position) => UseAsync(() => _entries.GetValueOrDefault((cut, position)), default);

    /// <summary>The whole entry, with its states.</summary>
    public async Task<LogEntry> ReadStatesAsync(LostEntry entry)
    {
        var others = await UseAsync(() => _rows.Remove(entry.Cut), default);
        var row = (await store.ReadCutRowsAsync(others)).First(row => row.Id == entry.Cut);
        return LogRowCodec.Decode(row.Row).First(found => found.Position == entry.Position);
    }

    private async Task<T> UseAsync<T>(Func<T> use, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await ReadNewAsync(cancellationToken);
            return use();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task ReadNewAsync(CancellationToken cancellationToken)
    {
        var rows = await store.ReadCutRowsAsync(_rows, cancellationToken);
        var marked = _isRead ? [] : (await store.ReadMarksAsync(cancellationToken)).Select(static mark => (mark.Cut, mark.Position)).ToHashSet();
        foreach (var row in rows)
        {
            foreach (var entry in EntriesOf(row))
            {
                var key = (entry.Cut, entry.Position);
                _entries[key] = entry;
                if (!entry.Request.IsNone && !marked.Contains(key))
                {
                    _open.TryAdd(key, new(entry, Now));
                }
            }
        }

        _rows = _rows.Union(rows.Select(static row => row.Id));
        _isRead = true;
    }

    private IEnumerable<LostEntry> EntriesOf(CutRow cut) => topology.Value.Map.IndexOf(cut.Shard) is >= 0 and var index && topology.Value.Map.FamilyOf(index) == ShardFamily.Region
        ? Decode(cut)
            .Where(static entry => entry.Kind == EntryKind.Write && !PinRecords.IsStep(entry))
            .Select(entry => new LostEntry(cut.Id, entry.Position, cut.Shard, cut.Row.Epoch, entry.Entity, entry.Request, [.. entry.Changes.Select(static change => change.Name)]))
        : [];

    /// <summary>A row that cannot be read here must not hide the others. It stays in the store.</summary>
    private ImmutableArray<LogEntry> Decode(CutRow cut)
    {
        try
        {
            return LogRowCodec.Decode(cut.Row);
        }
        catch (FormatException exception)
        {
            LogUnreadable(logger, cut.Shard, exception.Message);
            return [];
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Lost writes of shard {Shard} are missing from the ledger's list, because this region cannot read them: {Problem} They stay in its store, and are listed once it can: upgrade this region; if the row is damaged, restore a copy of its store")]
    private static partial void LogUnreadable(ILogger logger, ShardId shard, string problem);
}
