using Microsoft.Extensions.Logging;
using OrleansGeo.Protocol.Ledgers;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Loops;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.Topology;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Ledgers;

/// <summary>One region's ledger of lost writes: what cuts removed from its store, what became of that, and what is suspected of other regions. One for an activation of the control plane's grain.</summary>
/// <remarks>It is listed as it is stored. What only other regions know is found out in the background (<see cref="LedgerSettling"/>), and the list does not wait for them.</remarks>
internal sealed class Ledger : ILedger
{
    /// <summary>A shard that does not answer must not hold up the answers of all others.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly IRegionStore _store;
    private readonly CurrentTopology _topology;
    private readonly IRegionLinks _links;
    private readonly IGrainFactory _grains;
    private readonly LedgerIndex _index;
    private readonly TimeProvider _time;
    private readonly BackgroundLoop _settling;

    public Ledger(IRegionStore store, CurrentTopology topology, IRegionLinks links, IGrainFactory grains, BackgroundLoops loops, TimeProvider time, ILogger<Ledger> logger)
    {
        (_store, _topology, _links, _grains, _time) = (store, topology, links, grains, time);
        _index = new(store, topology, time, logger);
        _settling = new LedgerSettling(store, _index, topology, links, grains, time, logger).CreateLoop(loops);
    }

    public void Start() => _settling.Start();

    public Task StopAsync() => _settling.StopAsync();

    public async Task<LedgerWire> ReadAsync()
    {
        var (entries, marked, suspected) = (_index.ReadAsync(), _store.ReadMarksAsync(), _store.ReadSuspicionsAsync());
        await Task.WhenAll(entries, marked, suspected);
        var marks = (await marked).ToDictionary(static mark => (mark.Cut, mark.Position), static mark => mark.State);
        _settling.Wake();
        return new(
            [
                .. (await entries).Select(entry => new LostWriteWire(
                    entry.Cut,
                    entry.Position.Value,
                    entry.Shard.Name,
                    entry.Entity,
                    entry.Request.High,
                    entry.Request.Low,
                    entry.Epoch,
                    [.. entry.States],
                    (byte)marks.GetValueOrDefault((entry.Cut, entry.Position)))),
            ],
            [.. (await suspected).Select(static suspicion => new SuspicionWire(suspicion.Shard.Name, suspicion.Region.Name, suspicion.Epoch, suspicion.From.Value))]);
    }

    public async Task<bool> MarkAsync(long cut, LogPosition position, LostWriteState state)
    {
        if (await _index.FindAsync(cut, position) is not { } entry)
        {
            return false;
        }

        if (await MarkOfAsync(entry) is not (LostWriteState.Replayed or LostWriteState.Superseded))
        {
            await MarkAsync(entry, state);
        }

        return true;
    }

    public async Task<ReplayOutcome> ReplayAsync(long cut, LogPosition position, bool overwrite)
    {
        if (await _index.FindAsync(cut, position) is not { } entry)
        {
            return ReplayOutcome.Unknown;
        }

        if (await MarkOfAsync(entry) is LostWriteState.Replayed or LostWriteState.Superseded)
        {
            // It took effect already: whoever asks again wants that.
            return ReplayOutcome.Replayed;
        }

        if (HomeOf(entry.Shard) is not { } home)
        {
            return ReplayOutcome.NotNow;
        }

        var outcome = await home.Replay(ReplayWire.From(await _index.ReadStatesAsync(entry), entry.Epoch, overwrite));
        if (outcome is ReplayOutcome.Replayed or ReplayOutcome.Superseded)
        {
            await MarkAsync(entry, outcome == ReplayOutcome.Replayed ? LostWriteState.Replayed : LostWriteState.Superseded);
        }

        return outcome;
    }

    public async Task<LedgerAnswerWire[]> AnswerAsync(LedgerQuestionWire[] questions) => await Task.WhenAll(questions.Select(AnswerAsync));

    private async Task<LedgerAnswerWire> AnswerAsync(LedgerQuestionWire question)
    {
        var home = _grains.GetGrain<IShardGrain>(question.Shard);
        try
        {
            var knows = question.Requests.Length == 0 ? [] : await home.Knows(question.Entities, question.Requests).AsTask().WaitAsync(Patience, _time);
            var settled = await Task.WhenAll(question.Regions.Select(region => home.HasSettled(region).AsTask())).WaitAsync(Patience, _time);
            return new(settled, knows);
        }
        catch (Exception)
        {
            return new(new bool[question.Regions.Length], new bool[question.Requests.Length]);
        }
    }

    private async Task MarkAsync(LostEntry entry, LostWriteState state)
    {
        await _store.MarkAsync(new(entry.Cut, entry.Position, state));
        await _index.CloseAsync(entry);
    }

    private async Task<LostWriteState> MarkOfAsync(LostEntry entry) =>
        (await _store.ReadMarksAsync()).Where(mark => mark.Cut == entry.Cut && mark.Position == entry.Position).Select(static mark => mark.State).FirstOrDefault();

    /// <summary>The shard's home, if it can be reached now.</summary>
    private IShardGrain? HomeOf(ShardId shard)
    {
        var home = _topology.Value.HomeOf(_topology.Value.Map.IndexOf(shard)).Region;
        return _links.GrainsOf(home, _grains)?.GetGrain<IShardGrain>(shard.Name);
    }
}
