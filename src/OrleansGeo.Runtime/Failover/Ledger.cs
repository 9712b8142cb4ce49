using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Moves;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.Storage;
using OrleansGeo.Runtime.World;

namespace OrleansGeo.Runtime.Failover;

/// <summary>
/// One region's ledger of lost writes: what cuts removed from its store of shards whose family acknowledges when the home has stored. What a
/// cut removes of a quorum shard was never acknowledged, and its callers repeat it.
/// </summary>
internal sealed partial class Ledger(IRegionStore store, CurrentTopology topology, IRegionLinks links, IGrainFactory grains, ILogger<Ledger> logger)
{
    private readonly ConcurrentDictionary<long, bool> _unreadable = [];

    public async Task<LedgerWire> ReadAsync(bool settle)
    {
        if (settle)
        {
            await SettleAsync();
        }

        var marks = (await store.ReadMarksAsync()).ToDictionary(static mark => (mark.Cut, mark.Position), static mark => mark.State);
        var items = (await EntriesAsync()).Select(item => new LostWriteWire(
            item.Cut.Id,
            item.Entry.Position.Value,
            item.Cut.Shard.Name,
            item.Entry.Entity,
            item.Entry.Request.High,
            item.Entry.Request.Low,
            item.Cut.Row.Epoch,
            [.. item.Entry.Changes.Select(static change => change.Name)],
            (byte)marks.GetValueOrDefault((item.Cut.Id, item.Entry.Position))));
        var suspected = (await store.ReadSuspicionsAsync()).Select(static suspicion =>
            new SuspicionWire(suspicion.Shard.Name, suspicion.Region.Name, suspicion.Epoch, suspicion.From.Value));
        return new([.. items], [.. suspected]);
    }

    /// <summary>Marks an entry, if there is one. What took effect stays marked so.</summary>
    public async Task<bool> MarkAsync(long cut, LogPosition position, LedgerState state)
    {
        if (await FindAsync(cut, position) is null)
        {
            return false;
        }

        if (await MarkOfAsync(cut, position) is not (LedgerState.Replayed or LedgerState.Superseded))
        {
            await store.MarkAsync(new(cut, position, state));
        }

        return true;
    }

    /// <summary>Writes a lost write again, at the entity's home.</summary>
    public async Task<ReplayOutcome> ReplayAsync(long cut, LogPosition position, bool overwrite)
    {
        if (await FindAsync(cut, position) is not { } found)
        {
            return ReplayOutcome.Unknown;
        }

        if (await MarkOfAsync(cut, position) is LedgerState.Replayed or LedgerState.Superseded)
        {
            // It took effect already: whoever asks again wants that.
            return ReplayOutcome.Replayed;
        }

        if (HomeOf(found.Cut.Shard) is not { } home)
        {
            return ReplayOutcome.NotNow;
        }

        var outcome = await home.Replay(ReplayWire.From(found.Entry, found.Cut.Row.Epoch, overwrite));
        if (outcome is ReplayOutcome.Replayed or ReplayOutcome.Superseded)
        {
            await store.MarkAsync(new(cut, position, outcome == ReplayOutcome.Replayed ? LedgerState.Replayed : LedgerState.Superseded));
        }

        return outcome;
    }

    /// <summary>
    /// Notes what took effect after all, because its caller repeated it, and takes back suspicions about regions that are here again. If a region came back
    /// with a store that went back in time, what is suspected there is lost, and stays listed.
    /// </summary>
    public async Task SettleAsync()
    {
        foreach (var suspicion in await store.ReadSuspicionsAsync())
        {
            if (await IsUnfoundedAsync(suspicion))
            {
                await store.ClearSuspicionAsync(suspicion);
            }
        }

        var marked = (await store.ReadMarksAsync()).Select(static mark => (mark.Cut, mark.Position)).ToHashSet();
        var open = (await EntriesAsync()).Where(item => !item.Entry.Request.IsNone && !marked.Contains((item.Cut.Id, item.Entry.Position)));
        foreach (var shard in open.GroupBy(static item => item.Cut.Shard))
        {
            if (HomeOf(shard.Key) is not { } home)
            {
                continue;
            }

            var items = shard.ToList();
            var known = await home.Knows([.. items.Select(static item => item.Entry.Entity)], [.. items.Select(static item => item.Entry.Request.ToString())]);
            for (var i = 0; i < known.Length; i++)
            {
                if (known[i])
                {
                    await store.MarkAsync(new(items[i].Cut.Id, items[i].Entry.Position, LedgerState.Superseded));
                }
            }
        }
    }

    /// <summary>Whether the region is here again with all that it had: what its log had and others lost, it has cut and kept.</summary>
    private async Task<bool> IsUnfoundedAsync(Suspicion suspicion)
    {
        try
        {
            return HomeOf(suspicion.Shard) is { } home && await home.HasSettled(suspicion.Region.Name)
                && links.GrainsOf(suspicion.Region, grains) is { } there
                && suspicion.Epoch > await there.GetGrain<IControlGrain>(0).ForgottenThrough(suspicion.Shard.Name);
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            // One of them cannot say so now.
            return false;
        }
    }

    private async Task<LedgerState> MarkOfAsync(long cut, LogPosition position) =>
        (await store.ReadMarksAsync()).Where(mark => mark.Cut == cut && mark.Position == position).Select(static mark => mark.State).FirstOrDefault();

    private async Task<(CutRow Cut, LogEntry Entry)?> FindAsync(long cut, LogPosition position)
    {
        foreach (var item in await EntriesAsync())
        {
            if (item.Cut.Id == cut && item.Entry.Position == position)
            {
                return item;
            }
        }

        return null;
    }

    private async Task<ImmutableArray<(CutRow Cut, LogEntry Entry)>> EntriesAsync() =>
    [
        .. (await store.ReadCutRowsAsync())
            .Where(cut => topology.Value.Map.IndexOf(cut.Shard) is >= 0 and var index && topology.Value.Map.FamilyOf(index) == ShardFamily.Region)
            .SelectMany(cut => Decode(cut).Where(static entry => entry.Kind == EntryKind.Write && !PinRecords.IsStep(entry)).Select(entry => (cut, entry))),
    ];

    /// <summary>A row that cannot be read here must not hide the others. It stays in the store.</summary>
    private ImmutableArray<LogEntry> Decode(CutRow cut)
    {
        try
        {
            return LogRowCodec.Decode(cut.Row);
        }
        catch (FormatException exception)
        {
            if (_unreadable.TryAdd(cut.Id, true))
            {
                LogUnreadable(logger, cut.Shard, exception.Message);
            }

            return [];
        }
    }

    /// <summary>The shard's home, if it can be reached now.</summary>
    private IShardGrain? HomeOf(ShardId shard)
    {
        var home = topology.Value.HomeOf(topology.Value.Map.IndexOf(shard)).Region;
        return links.GrainsOf(home, grains)?.GetGrain<IShardGrain>(shard.Name);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Lost writes of shard {Shard} are missing from the ledger's list, because this region cannot read them: {Problem} They stay in its store, and are listed once it can: upgrade this region; if the row is damaged, restore a copy of its store")]
    private static partial void LogUnreadable(ILogger logger, ShardId shard, string problem);
}
