using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using static OrleansGeo.Storage.Conformance.StoreSamples;

namespace OrleansGeo.Storage.Conformance;

public abstract partial class RegionStoreConformance
{
    [Fact]
    public async Task Calls_on_one_shard_take_effect_in_the_order_in_which_they_were_made()
    {
        // None is awaited before the next is made, so each depends on the one before it having taken effect.
        var appends = Enumerable.Range(1, 500)
            .Select(position => Store.AppendAsync(Shard, After(position - 1, position == 1 ? 0 : 1, Epoch(1), Row(1, position))))
            .ToArray();
        var checkpoint = Store.CheckpointAsync(Shard, Epoch(1), At(400), [Record("ada", State(1, 400, "x"))]);
        var trim = Store.TrimAsync(Shard, Epoch(1), At(400));
        var cut = Store.CutAsync(Shard, Epoch(2), At(450), foreignEpoch: 1);
        var refused = Store.CutAsync(Shard, Epoch(2), At(399), foreignEpoch: 1);
        var append = Store.AppendAsync(Shard, After(450, 1, Epoch(2), Row(2, 451)));
        Assert.All(await Task.WhenAll(appends), result => Assert.Equal(AppendVerdict.Stored, result.Verdict));
        Assert.Equal(Enumerable.Range(1, 500), appends.Select(result => (int)result.Result.Head.Last.Value));
        Assert.Equal(At(400), (await checkpoint).Checkpoint);
        Assert.Equal(At(400), (await trim).Trimmed);
        Assert.Equal(At(450), (await cut).Last);
        await Assert.ThrowsAsync<InvalidOperationException>(() => refused);
        Assert.Equal(At(451), (await append).Head.Last);
        Assert.Equal(50, (await Store.ReadCutRowsAsync()).Length);
        Assert.Equal(51, (await Store.ShowLogAsync(Shard)).Length);
    }

    [Fact]
    public async Task Many_callers_on_many_shards_do_not_disturb_each_other()
    {
        var (shardCount, rowCount) = Many;
        async Task Use(ShardId shard)
        {
            for (var position = 1; position <= rowCount; position++)
            {
                await Store.FillAsync(shard, epoch: 1, position, position);
                Assert.Equal(At(position), (await Store.ReadHeadAsync(shard)).Last);
                Assert.Equal(Show(Row(1, position)), Show(Assert.Single(await Store.ReadLogAsync(shard, At(position), 0))));
                if (position % 10 == 0)
                {
                    await Store.CheckpointAsync(shard, Epoch(1), At(position), [Record("ada", State(1, position, shard.Name))]);
                    Assert.Equal(At(position), (await Store.ReadRecordAsync(shard, "ada")).Version.Position);
                    await Store.TrimAsync(shard, Epoch(1), At(position - 5));
                }
            }
        }

        var shards = Enumerable.Range(0, shardCount).Select(i => new ShardId($"q-{i:00}")).ToArray();
        await Task.WhenAll(shards.Select(shard => Task.Run(() => Use(shard))));
        await ReopenAsync();
        Assert.Equal(shards, (await Store.ListShardsAsync()).Order());
        foreach (var shard in shards)
        {
            Assert.Equal($"westeurope@1 last {rowCount} trimmed {rowCount - 5} checkpoint {rowCount} epochs 1@1", Show(await Store.ReadHeadAsync(shard)));
            Assert.Equal(Enumerable.Range(rowCount - 4, 5).Select(position => Show(Row(1, position))), await Store.ShowLogAsync(shard));
            Assert.Equal([Show(Record("ada", State(1, rowCount, shard.Name)))], await Store.ShowRecordsAsync(shard));
        }
    }

    [Fact]
    public async Task Racing_homes_of_one_shard_never_mix()
    {
        // Two regions with one epoch: whoever comes first has it, the other is refused every time.
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(
            () => Store.AppendAsync(Shard, After(0, 0, Epoch(1, i % 2 == 0 ? West : East), Row(1, 1))))));
        var head = await Store.ReadHeadAsync(Shard);
        Assert.Equal(25, results.Count(result => result.Verdict == AppendVerdict.Stored));
        Assert.Equal(25, results.Count(result => result.Verdict == AppendVerdict.Fenced));
        Assert.All(results, result => Assert.Equal(Show(head), Show(result.Head)));
        Assert.Single(await Store.ShowLogAsync(Shard));
    }
}
