using OrleansGeo.Protocol.Sharding;
using static OrleansGeo.Storage.Conformance.StoreSamples;

namespace OrleansGeo.Storage.Conformance;

/// <summary>What every <see cref="IRegionStore"/> must do. A kind of store derives from it and says how one is made.</summary>
public abstract partial class RegionStoreConformance : IAsyncLifetime
{
    private IRegionStore? _store;

    /// <summary>A store, not open, on the content that the test has so far.</summary>
    protected abstract IRegionStore Create();

    /// <summary>Whether several stores, of several processes, have one content open at a time.</summary>
    protected virtual bool IsShared => false;

    /// <summary>Shards and rows of the tests that make many calls: fewer where a call goes over a network.</summary>
    protected virtual (int Shards, int Rows) Many => (40, 60);

    /// <summary>Messages of each of the proposers that race.</summary>
    protected virtual int RacingSteps => 60;

    protected IRegionStore Store => _store!;

    public virtual async Task InitializeAsync()
    {
        _store = Create();
        await _store.OpenAsync(ThisWorld);
    }

    public virtual async Task DisposeAsync() => await Store.DisposeAsync();

    protected async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        await InitializeAsync();
    }

    [Fact]
    public async Task A_new_store_is_empty()
    {
        Assert.Empty(await Store.ListShardsAsync());
        Assert.Equal(Show(OrleansGeo.Protocol.Logs.ShardHead.Empty), Show(await Store.ReadHeadAsync(Shard)));
        Assert.Empty(await Store.ReadLogAsync(Shard, At(1), 100));
        Assert.Empty((await Store.ReadRecordAsync(Shard, "ada")).States);
        Assert.Empty(await Store.ReadRecordsAsync(Shard, null, 100));
        Assert.Empty(await Store.ReadCutRowsAsync());
    }

    [Fact]
    public async Task Everything_is_there_after_it_was_closed_and_opened()
    {
        await Store.FillAsync(Shard, epoch: 3, 1, 5);
        await Store.FillAsync(Shard, epoch: 4, 6, 9);
        await Store.CheckpointAsync(Shard, Epoch(4), At(4), [Record("ada", State(3, 2, "one"), State(3, 4, null, "other"))]);
        await Store.TrimAsync(Shard, Epoch(4), At(2));
        await Store.CutAsync(Shard, Epoch(5), At(7), foreignEpoch: 4);
        await Store.PromiseAsync(new("r-01"), Epoch(2, East));
        await Store.CopyAsync(new("r-02"), Epoch(2, East), BeginCopy);
        var before = (await Store.ShowAsync(Shard), await Store.ShowAsync(new("r-01")), await Store.ShowAsync(new("r-02")));
        await ReopenAsync();
        Assert.Equal(before, (await Store.ShowAsync(Shard), await Store.ShowAsync(new("r-01")), await Store.ShowAsync(new("r-02"))));
        Assert.Equal([Shard, new ShardId("r-01"), new ShardId("r-02")], (await Store.ListShardsAsync()).Order());
    }

    [Fact]
    public async Task A_life_counts_its_openings_and_keeps_its_store()
    {
        var first = Store.Life;
        Assert.NotEqual(Guid.Empty, first.Store);
        Assert.Equal(1, first.Opened);
        for (var opened = 2; opened <= 4; opened++)
        {
            await ReopenAsync();
            Assert.Equal(first with { Opened = opened }, Store.Life);
        }
    }

    [Fact]
    public async Task A_store_is_continued_once_it_was_vouched_for()
    {
        Assert.False(Store.IsContinued);
        await ReopenAsync();
        Assert.False(Store.IsContinued);
        await Store.FillAsync(Shard, epoch: 4, 1, 3);
        await Store.VouchAsync();
        Assert.True(Store.IsContinued);
        await Store.FillAsync(Shard, epoch: 4, 4, 6);
        for (var i = 0; i < 2; i++)
        {
            await ReopenAsync();
            Assert.True(Store.IsContinued);
        }

        await Store.VouchAsync();
        Assert.True(Store.IsContinued);
    }

    [Fact]
    public async Task A_store_that_does_not_open_has_not_lived()
    {
        if (!IsShared)
        {
            await Assert.ThrowsAsync<RegionStoreException>(() => Create().OpenAsync(ThisWorld));
        }

        await Store.DisposeAsync();
        await Assert.ThrowsAsync<RegionStoreException>(() => Create().OpenAsync(ThisWorld with { Region = East }));
        await InitializeAsync();
        Assert.Equal(2, Store.Life.Opened);
    }

    [Fact]
    public async Task It_refuses_another_world_and_says_both_values()
    {
        await Store.DisposeAsync();
        var others = new[]
        {
            (ThisWorld with { Region = East }, "westeurope", "eastus2"),
            (ThisWorld with { ServiceId = "bank" }, "shop", "bank"),
            (ThisWorld with { HashShards = 32 }, "64", "32"),
            (ThisWorld with { AffineShardsPerRegion = 4 }, "8", "4"),
        };
        foreach (var (world, stored, given) in others)
        {
            var failure = await Assert.ThrowsAsync<RegionStoreException>(() => Create().OpenAsync(world));
            Assert.Equal(RegionStoreFailure.WrongWorld, failure.Failure);
            Assert.Contains(stored, failure.Message, StringComparison.Ordinal);
            Assert.Contains(given, failure.Message, StringComparison.Ordinal);
        }

        await InitializeAsync();
    }

    [Fact]
    public async Task Only_one_store_has_it_open_unless_it_is_shared()
    {
        var second = Create();
        if (IsShared)
        {
            await SharesAsync(second);
            return;
        }

        var failure = await Assert.ThrowsAsync<RegionStoreException>(() => second.OpenAsync(ThisWorld));
        Assert.Equal(RegionStoreFailure.InUse, failure.Failure);
        await Store.DisposeAsync();
        await second.OpenAsync(ThisWorld);
        await second.DisposeAsync();
    }

    [Fact]
    public async Task It_answers_only_while_it_is_open()
    {
        var closed = Create();
        await Assert.ThrowsAsync<InvalidOperationException>(() => closed.ReadHeadAsync(Shard));
        await Assert.ThrowsAsync<InvalidOperationException>(() => closed.PromiseAsync(Shard, Epoch(1)));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.OpenAsync(ThisWorld));
        await Store.DisposeAsync();
        await Store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Store.ReadHeadAsync(Shard));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Store.PromiseAsync(Shard, Epoch(1)));
    }

    [Fact]
    public async Task A_call_that_is_cancelled_before_it_is_made_changes_nothing()
    {
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.PromiseAsync(Shard, Epoch(1), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.ReadHeadAsync(Shard, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.ReadLogAsync(Shard, At(1), 100, cancelled));
        Assert.Empty(await Store.ListShardsAsync());
    }

    /// <summary>Two open stores see each other's writes, and each opening is another life of one store.</summary>
    private async Task SharesAsync(IRegionStore second)
    {
        await second.OpenAsync(ThisWorld);
        Assert.Equal(Store.Life with { Opened = 2 }, second.Life);
        await Store.FillAsync(Shard, epoch: 1, 1, 3);
        await second.FillAsync(Shard, epoch: 1, 4, 5);
        await Store.CheckpointAsync(Shard, Epoch(1), At(5), [Record("ada", State(1, 4, "x"))]);
        Assert.Equal(At(5), (await second.TrimAsync(Shard, Epoch(1), At(2))).Last);
        Assert.Equal(await Store.ShowAsync(Shard), await second.ShowAsync(Shard));
        await second.DisposeAsync();
        await Store.FillAsync(Shard, epoch: 1, 6, 6);
    }
}
