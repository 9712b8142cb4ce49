using OrleansGeo.Protocol.Ledgers;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Storage;
using OrleansGeo.Storage.Conformance;
using OrleansGeo.Storage.Memory;
using static OrleansGeo.Storage.Conformance.StoreSamples;

namespace OrleansGeo.Tests.Storage;

/// <summary>The faults that only the memory store has.</summary>
public sealed class MemoryRegionStoreTests
{
    private readonly MemoryRegionDisk _disk = new();
    private readonly HandTime _time = new();

    [Fact]
    public async Task A_failure_before_the_effect_changes_nothing()
    {
        await using var store = await OpenAsync();
        _disk.Faults.FailNext(2, MemoryFaultPoint.BeforeEffect);
        await ExpectUnavailableAsync(() => store.PromiseAsync(Shard, Epoch(1)));
        await ExpectUnavailableAsync(() => store.AppendAsync(Shard, After(0, 0, Epoch(1), Row(1, 1))));
        Assert.Equal(Show(ShardHead.Empty), Show(await store.ReadHeadAsync(Shard)));
        await store.FillAsync(Shard, epoch: 1, 1, 1);
    }

    [Fact]
    public async Task A_failure_after_the_effect_is_durable_and_the_call_can_be_repeated()
    {
        await using var store = await OpenAsync();
        _disk.Faults.FailNext(1, MemoryFaultPoint.AfterEffect);
        var command = After(0, 0, Epoch(1), Row(1, 1));
        await ExpectUnavailableAsync(() => store.AppendAsync(Shard, command));
        Assert.Equal(At(1), (await store.ReadHeadAsync(Shard)).Last);
        var repeated = await store.AppendAsync(Shard, command);
        Assert.Equal((AppendVerdict.Stored, At(1)), (repeated.Verdict, repeated.Head.Last));
    }

    [Fact]
    public async Task An_unavailable_store_fails_reads_and_writes_until_it_is_back()
    {
        await using var store = await OpenAsync();
        await store.FillAsync(Shard, epoch: 1, 1, 2);
        _disk.Faults.IsUnavailable = true;
        await ExpectUnavailableAsync(() => store.ReadHeadAsync(Shard));
        await ExpectUnavailableAsync(() => store.ReadLogAsync(Shard, At(1), 10));
        await ExpectUnavailableAsync(() => store.PromiseAsync(Shard, Epoch(2)));
        _disk.Faults.IsUnavailable = false;
        Assert.Equal(Epoch(1), (await store.ReadHeadAsync(Shard)).Promised);
    }

    [Fact]
    public async Task Without_latency_a_call_is_complete_when_it_returns()
    {
        await using var store = await OpenAsync();
        Assert.True(store.PromiseAsync(Shard, Epoch(1)).IsCompletedSuccessfully);
        Assert.True(store.ReadHeadAsync(Shard).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Commit_latency_is_the_time_providers()
    {
        await using var store = await OpenAsync();
        _disk.Faults.CommitLatency = TimeSpan.FromMilliseconds(20);
        var first = store.AppendAsync(Shard, After(0, 0, Epoch(1), Row(1, 1)));
        Assert.Equal(TimeSpan.FromMilliseconds(20), await _time.ArmedAsync());
        var second = store.AppendAsync(Shard, After(1, 1, Epoch(1), Row(1, 2)));
        Assert.False(first.IsCompleted);
        Assert.Equal(At(0), (await store.ReadHeadAsync(Shard)).Last);
        _time.Fire();
        Assert.Equal(At(1), (await first).Head.Last);

        // What came during a commit waits for the next one.
        await _time.ArmedAsync();
        Assert.False(second.IsCompleted);
        _disk.Faults.CommitLatency = TimeSpan.Zero;
        _time.Fire();
        Assert.Equal(At(2), (await second).Head.Last);
    }

    [Fact]
    public async Task A_pause_holds_the_answers_in_order()
    {
        await using var store = await OpenAsync();
        _disk.Faults.Pause();
        var appends = Enumerable.Range(1, 20)
            .Select(i => store.AppendAsync(Shard, After(i - 1, i == 1 ? 0 : 1, Epoch(1), Row(1, i))))
            .ToArray();
        Assert.DoesNotContain(appends, append => append.IsCompleted);
        _disk.Faults.Resume();
        var results = await Task.WhenAll(appends);
        Assert.Equal(Enumerable.Range(1, 20), results.Select(result => (int)result.Head.Last.Value));
        _disk.Faults.Resume();
        await store.FillAsync(Shard, epoch: 1, 21, 21);
    }

    [Fact]
    public async Task A_crash_keeps_what_was_durable_and_loses_what_was_not()
    {
        await using var store = await OpenAsync();
        await store.FillAsync(Shard, epoch: 1, 1, 3);
        _disk.Faults.CommitLatency = TimeSpan.FromMilliseconds(20);
        var pending = store.AppendAsync(Shard, After(3, 1, Epoch(1), Row(1, 4)));
        await _time.ArmedAsync();
        _disk.Crash();
        await using var next = await OpenAsync();
        _disk.Faults.CommitLatency = TimeSpan.Zero;
        _time.Fire();
        await ExpectUnavailableAsync(() => pending);
        await ExpectUnavailableAsync(() => store.ReadHeadAsync(Shard));
        await ExpectUnavailableAsync(() => store.PromiseAsync(Shard, Epoch(9)));
        Assert.Equal("westeurope@1 last 3 trimmed 0 checkpoint 0 epochs 1@1", Show(await next.ReadHeadAsync(Shard)));
        await store.DisposeAsync();
        await next.FillAsync(Shard, epoch: 1, 4, 4);
    }

    [Fact]
    public async Task Faults_hit_registers_and_the_ledger_as_they_hit_shards()
    {
        await using var store = await OpenAsync();
        var suspicion = new Suspicion(Shard, East, Epoch: 1, At(1));
        _disk.Faults.FailNext(2, MemoryFaultPoint.BeforeEffect);
        await ExpectUnavailableAsync(() => store.TakeAsync("topology", Prepare(1)));
        await ExpectUnavailableAsync(() => store.SuspectAsync(suspicion));
        Assert.Equal("granted promised none accepted none ", Show(await store.TakeAsync("topology", new RegisterMessage.Read())));
        Assert.Empty(await store.ReadSuspicionsAsync());

        _disk.Faults.FailNext(2, MemoryFaultPoint.AfterEffect);
        await ExpectUnavailableAsync(() => store.TakeAsync("topology", Prepare(1)));
        await ExpectUnavailableAsync(() => store.MarkAsync(new(1, At(1), LostWriteState.Discarded)));
        Assert.Equal("refused promised 1.westeurope/7 accepted none ", Show(await store.TakeAsync("topology", Prepare(1))));
        Assert.Single(await store.ReadMarksAsync());

        _disk.Faults.IsUnavailable = true;
        await ExpectUnavailableAsync(() => store.TakeAsync("topology", new RegisterMessage.Read()));
        await ExpectUnavailableAsync(() => store.TakeAsync("topology", Prepare(2)));
        await ExpectUnavailableAsync(() => store.ClearSuspicionAsync(suspicion));
        await ExpectUnavailableAsync(() => store.ReadMarksAsync());
        await ExpectUnavailableAsync(() => store.ReadSuspicionsAsync());
    }

    [Fact]
    public async Task An_answer_of_a_register_waits_for_its_commit()
    {
        await using var store = await OpenAsync();
        _disk.Faults.CommitLatency = TimeSpan.FromMilliseconds(20);
        var taken = store.TakeAsync("topology", Prepare(1));
        await _time.ArmedAsync();
        Assert.False(taken.IsCompleted);
        Assert.Equal("granted promised none accepted none ", Show(await store.TakeAsync("topology", new RegisterMessage.Read())));
        _time.Fire();
        Assert.Equal("granted promised 1.westeurope/7 accepted none ", Show(await taken));
    }

    [Fact]
    public async Task A_copy_of_the_disk_is_the_store_as_it_was()
    {
        MemoryRegionDisk backup;
        string before;
        await using (var store = await OpenAsync())
        {
            await FillAsync(store, 1);
            before = await ShowAllAsync(store);
            _disk.Faults.FailNext(1, MemoryFaultPoint.BeforeEffect);
            backup = _disk.Copy();
            await ExpectUnavailableAsync(() => store.PromiseAsync(Shard, Epoch(9)));
            await FillAsync(store, 2);
            Assert.NotEqual(before, await ShowAllAsync(store));
        }

        // Neither sees what the other did since, and both may be open.
        await using var later = await OpenAsync();
        var after = await ShowAllAsync(later);
        await using var restored = new MemoryRegionStore(backup, _time);
        await restored.OpenAsync(ThisWorld);
        Assert.Equal(before, await ShowAllAsync(restored));
        Assert.Equal((later.Life, 2), (restored.Life, restored.Life.Opened));
        await FillAsync(restored, 2);
        await restored.TrimAsync(Shard, Epoch(1), At(4));
        Assert.Equal(after, await ShowAllAsync(later));
        await Assert.ThrowsAsync<RegionStoreException>(() => new MemoryRegionStore(_disk.Copy()).OpenAsync(ThisWorld with { Region = East }));
    }

    /// <summary>Adds something of everything that a store keeps. The next time starts where this one ended.</summary>
    private static async Task FillAsync(MemoryRegionStore store, int time)
    {
        var last = time * 4;
        await store.FillAsync(Shard, epoch: 1, last - 3, last);
        await store.CheckpointAsync(Shard, Epoch(1), At(last), [Record("ada", State(1, last, $"time {time}"), State(1, last, "x", $"state {time}"))]);
        await store.FillAsync(new($"r-0{time}"), epoch: 1, 1, 2);
        await store.CutAsync(new($"r-0{time}"), Epoch(2), At(1), foreignEpoch: 1);
        await store.MarkAsync(new(1, At(time), LostWriteState.Discarded));
        await store.SuspectAsync(new(Shard, East, time, At(time)));
        await store.TakeAsync("topology", Accept(time, [(byte)time]));
        await store.TakeAsync($"lease {time}", Prepare(time));
    }

    private static async Task<string> ShowAllAsync(MemoryRegionStore store)
    {
        var text = new List<string>();
        foreach (var shard in (await store.ListShardsAsync()).Order())
        {
            text.Add(await store.ShowAsync(shard));
        }

        foreach (var register in new[] { "topology", "lease 1", "lease 2" })
        {
            text.Add(Show(await store.TakeAsync(register, new RegisterMessage.Read())));
        }

        return string.Join('\n', [.. text, .. (await store.ReadMarksAsync()).Select(mark => $"{mark}"), .. (await store.ReadSuspicionsAsync()).Select(noted => $"{noted}")]);
    }

    [Fact]
    public async Task A_cancelled_wait_ends_at_once_and_the_call_may_take_effect()
    {
        await using var store = await OpenAsync();
        _disk.Faults.Pause();
        using var cancel = new CancellationTokenSource();
        var append = store.AppendAsync(Shard, After(0, 0, Epoch(1), Row(1, 1)), cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => append);
        _disk.Faults.Resume();
        Assert.Equal(At(1), (await store.AppendAsync(Shard, After(0, 0, Epoch(1), Row(1, 1)))).Head.Last);
    }

    private static async Task ExpectUnavailableAsync(Func<Task> call) =>
        Assert.Equal(RegionStoreFailure.Unavailable, (await Assert.ThrowsAsync<RegionStoreException>(call)).Failure);

    private async Task<MemoryRegionStore> OpenAsync()
    {
        var store = new MemoryRegionStore(_disk, _time);
        await store.OpenAsync(ThisWorld);
        return store;
    }
}
