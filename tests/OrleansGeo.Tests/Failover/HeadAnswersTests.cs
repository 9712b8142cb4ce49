using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Storage;
using OrleansGeo.Storage.Memory;
using OrleansGeo.Tests.Loops;
using OrleansGeo.Tests.Storage;
using OrleansGeo.Tests.Worlds;
using static OrleansGeo.Storage.Conformance.StoreSamples;

namespace OrleansGeo.Tests.Failover;

/// <summary>What a region answers another about many shards, on a store in memory of which some hang or fail, by a clock that the test moves.</summary>
public sealed class HeadAnswersTests : IAsyncLifetime
{
    private static readonly TimeSpan PromiseBound = TimeSpan.FromMilliseconds(250);

    private readonly MemoryRegionStore _store = new(new());
    private readonly LoopTime _time = new();
    private readonly Dictionary<string, TaskCompletionSource> _faults = [];
    private readonly HeadAnswers _answers;
    private int _promises;

    public HeadAnswersTests() => _answers = new(
        ShardFaultStore.Of(_store, (method, shard) =>
        {
            _promises += method == nameof(IRegionStore.PromiseAsync) ? 1 : 0;
            return method is nameof(IRegionStore.PromiseAsync) && _faults.TryGetValue(shard.Name, out var fault) ? fault.Task : null;
        }),
        _time);

    public Task InitializeAsync() => _store.OpenAsync(ThisWorld);

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task A_shard_whose_store_hangs_or_is_damaged_costs_no_other_its_answer()
    {
        Fault("q-02");
        Fault("q-03").SetException(new RegionStoreException(RegionStoreFailure.Corrupt, "The head of q-03 fails its checksum."));
        Fault("q-04").SetException(new RegionStoreException(RegionStoreFailure.Unavailable, "The disk is full."));
        Fault("q-05").SetException(new InvalidOperationException("A bug."));
        var asked = _answers.PromiseAsync([Fence("q-01"), Fence("q-02"), Fence("q-03"), Fence("q-04"), Fence("q-05"), Fence("q-06")]);
        await _time.WhenArmedAsync(PromiseBound);
        _time.Advance(PromiseBound);
        var answers = await Wait.ForAsync("all are answered for", asked);
        Assert.Equal(
            [HeadVerdict.Head, HeadVerdict.NotYet, HeadVerdict.Corrupt, HeadVerdict.Unavailable, HeadVerdict.Failed, HeadVerdict.Head], answers.Select(static answer => answer.Verdict));
        Assert.Equal("its store has not answered within 250 ms", answers[1].Problem);
        Assert.Equal("The head of q-03 fails its checksum", answers[2].Problem);
        Assert.Equal((Epoch(2), Epoch(2)), (answers[0].TryGetHead()!.Promised, answers[5].TryGetHead()!.Promised));
    }

    /// <summary>Its outcome is unknown, so it goes on; a second one behind it would wait as long, and with each question there would be one more.</summary>
    [Fact]
    public async Task A_promise_that_was_not_made_in_time_goes_on_and_is_met_by_whoever_asks_again()
    {
        var hangs = Fault("q-01");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HeadVerdict.NotYet, (await AskInVainAsync()).Verdict);
        }

        _faults.Clear();
        hangs.SetResult();
        await Wait.UntilAsync("it is made", async () => (await _store.ReadHeadAsync(new("q-01"))).Promised == Epoch(2));
        Assert.Equal(1, _promises);

        // However long it took, it is answered for at once.
        var answer = Assert.Single(await _answers.PromiseAsync([Fence("q-01")]));
        Assert.Equal(Epoch(2), answer.TryGetHead()!.Promised);
        Assert.Equal(1, _promises);
    }

    /// <summary>What a promise read may be older than the question, if the region that asked before was started again: it may have appended since.</summary>
    [Fact]
    public async Task The_head_is_never_older_than_the_question()
    {
        var hangs = Fault("q-01");
        Assert.Equal(HeadVerdict.NotYet, (await AskInVainAsync()).Verdict);
        hangs.SetResult();
        _faults.Clear();
        await Wait.UntilAsync("it is made", async () => (await _store.ReadHeadAsync(new("q-01"))).Promised == Epoch(2));
        await _store.AppendAsync(new("q-01"), After(0, 0, Epoch(2), Row(2, 1)));

        Assert.Equal(At(1), Assert.Single(await _answers.PromiseAsync([Fence("q-01")])).TryGetHead()!.Last);
    }

    [Fact]
    public async Task A_promise_that_failed_is_made_by_whoever_asks_again()
    {
        Fault("q-01").SetException(new RegionStoreException(RegionStoreFailure.Unavailable, "The disk is full."));
        Assert.Equal(HeadVerdict.Unavailable, Assert.Single(await _answers.PromiseAsync([Fence("q-01")])).Verdict);
        _faults.Clear();
        Assert.Equal(Epoch(2), Assert.Single(await _answers.PromiseAsync([Fence("q-01")])).TryGetHead()!.Promised);
    }

    [Fact]
    public async Task A_newer_promise_is_the_answer_to_an_older_question()
    {
        Assert.Equal(Epoch(2), Assert.Single(await _answers.PromiseAsync([Fence("q-01")])).TryGetHead()!.Promised);
        Assert.Equal(Epoch(3), Assert.Single(await _answers.PromiseAsync([new("q-01", West.Name, 3)])).TryGetHead()!.Promised);
        Assert.Equal(Epoch(3), Assert.Single(await _answers.PromiseAsync([Fence("q-01")])).TryGetHead()!.Promised);
    }

    private static FenceWire Fence(string shard) => new(shard, West.Name, 2);

    private TaskCompletionSource Fault(string shard) => _faults[shard] = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<HeadAnswerWire> AskInVainAsync()
    {
        var asked = _answers.PromiseAsync([Fence("q-01")]);
        await _time.WhenArmedAsync(PromiseBound);
        _time.Advance(PromiseBound);
        return Assert.Single(await Wait.ForAsync("it is answered for", asked));
    }
}
