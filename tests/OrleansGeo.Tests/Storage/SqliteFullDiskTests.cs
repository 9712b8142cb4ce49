using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Storage;
using OrleansGeo.Storage.Sqlite;
using static OrleansGeo.Storage.Conformance.StoreSamples;

namespace OrleansGeo.Tests.Storage;

/// <summary>SQLite's own limit on the file stands in for the disk's: it answers with the same code, SQLITE_FULL.</summary>
public sealed class SqliteFullDiskTests : IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();
    private SqliteRegionStore? _store;

    private SqliteRegionStore Store => _store!;

    public async Task InitializeAsync()
    {
        _store = new(new() { Path = _folder.File("westeurope.db"), MaxPages = 100 });
        await _store.OpenAsync(ThisWorld);
    }

    public async Task DisposeAsync() => await Store.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_full_disk_is_unavailable_half_writes_nothing_and_passes_when_there_is_space()
    {
        var stored = await FillDiskAsync();
        var before = await Store.ShowAsync(Shard);

        // Several rows at once: the first may fit, and must not stay without the others.
        LogRow[] rows = [.. Enumerable.Range(0, 20).Select(i => Large(stored + 1 + i))];
        var failure = await Assert.ThrowsAsync<RegionStoreException>(
            () => Store.AppendAsync(Shard, After(stored, 1, Epoch(2), rows)));
        Assert.Equal(RegionStoreFailure.Unavailable, failure.Failure);
        Assert.Contains("disk is full", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
        Assert.Equal(before, await Store.ShowAsync(Shard));

        // Space returns: here by trimming, which needs none.
        await Store.CheckpointAsync(Shard, Epoch(1), At(stored), []);
        await Store.TrimAsync(Shard, Epoch(1), At(stored - 1));
        var repeated = await Store.AppendAsync(Shard, After(stored, 1, Epoch(2), rows));
        Assert.Equal((AppendVerdict.Stored, At(stored + 20)), (repeated.Verdict, repeated.Head.Last));
        Assert.Equal(21, (await Store.ShowLogAsync(Shard)).Length);
    }

    [Fact]
    public async Task A_full_disk_fails_a_group_as_a_whole_and_in_order()
    {
        var stored = await FillDiskAsync();
        var appends = Enumerable.Range(1, 50)
            .Select(i => Store.AppendAsync(Shard, After(stored + i - 1, 1, Epoch(1), Large(stored + i))))
            .ToArray();
        var failed = false;
        var last = stored;
        foreach (var append in appends)
        {
            try
            {
                // After a failed group the next ones find a gap; none is stored after one that is not.
                var result = await append;
                Assert.Equal(failed ? AppendVerdict.Gap : AppendVerdict.Stored, result.Verdict);
                last = result.Head.Last.Value;
            }
            catch (RegionStoreException failure)
            {
                Assert.Equal(RegionStoreFailure.Unavailable, failure.Failure);
                failed = true;
            }
        }

        Assert.True(failed);
        var head = await Store.ReadHeadAsync(Shard);
        Assert.Equal(At(last), head.Last);
        Assert.Equal(head.Last.Value, (await Store.ReadLogAsync(Shard, At(1), int.MaxValue)).Length);
        await Store.DisposeAsync();
        await InitializeAsync();
        Assert.Equal(Show(head), Show(await Store.ReadHeadAsync(Shard)));
    }

    [Fact]
    public async Task A_new_shard_that_did_not_fit_is_not_there()
    {
        await FillDiskAsync();
        var shard = new ShardId("r-40");
        await Assert.ThrowsAsync<RegionStoreException>(
            () => Store.AppendAsync(shard, After(0, 0, Epoch(1), [.. Enumerable.Range(1, 20).Select(i => Large(i))])));
        Assert.DoesNotContain(shard, await Store.ListShardsAsync());
        Assert.Equal(Show(ShardHead.Empty), Show(await Store.ReadHeadAsync(shard)));
    }

    [Fact]
    public async Task What_a_failed_group_did_in_memory_is_forgotten()
    {
        var stored = await FillDiskAsync();
        LogRow[] rows = [.. Enumerable.Range(0, 20).Select(i => Large(stored + 1 + i))];
        var other = new ShardId("r-41");
        await Store.PromiseAsync(other, Epoch(1));

        // While the first commits the others queue up, so that promises share a transaction with appends that cannot be stored.
        var promises = new List<Task<ShardHead>>();
        var appends = new List<Task<AppendResult>>();
        for (var epoch = 2; epoch <= 40; epoch++)
        {
            promises.Add(Store.PromiseAsync(other, Epoch(epoch)));
            appends.Add(Store.AppendAsync(Shard, After(stored, 1, Epoch(1), rows)));
        }

        var failures = 0;
        foreach (var append in appends)
        {
            await Assert.ThrowsAsync<RegionStoreException>(() => append);
        }

        foreach (var promise in promises)
        {
            try
            {
                await promise;
            }
            catch (RegionStoreException)
            {
                failures++;
            }
        }

        Assert.True(failures > 0, "No promise shared a transaction with an append.");
        var refused = await Store.PromiseAsync(other, Epoch(0));
        Assert.Equal(Show(await Store.ReadHeadAsync(other)), Show(refused));
    }

    private static LogRow Large(long position)
    {
        var bytes = new byte[3000];
        new Random((int)position).NextBytes(bytes);
        return new(1, At(position), At(position), bytes);
    }

    /// <returns>The last position that fit.</returns>
    private async Task<long> FillDiskAsync()
    {
        for (var position = 1L; ; position++)
        {
            try
            {
                await Store.AppendAsync(Shard, After(position - 1, position == 1 ? 0 : 1, Epoch(1), Large(position)));
            }
            catch (RegionStoreException)
            {
                Assert.True(position > 10);
                return position - 1;
            }
        }
    }
}
