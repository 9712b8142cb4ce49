using OrleansGeo.Protocol.Logs;
using OrleansGeo.Runtime.Storage;
using static OrleansGeo.Tests.Storage.StoreSamples;

namespace OrleansGeo.Tests.Storage;

public abstract partial class RegionStoreConformance
{
    [Fact]
    public async Task A_copy_replaces_what_was_there_and_the_log_goes_on_after_it()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 5);
        await Store.CheckpointAsync(Shard, Epoch(1), At(4), [Record("old", State(1, 1, "x"))]);
        var begun = await Store.CopyAsync(Shard, Epoch(3, East), BeginCopy);
        Assert.Equal((true, Epoch(3, East), At(5), 1L), (begun.Copying, begun.Promised, begun.Last, begun.LastEpoch));
        Assert.Empty(await Store.ReadLogAsync(Shard, At(1), 100));
        Assert.Empty(await Store.ShowRecordsAsync(Shard));

        await Store.CopyAsync(Shard, Epoch(3, East), new CopyCommand.Add([Record("ada", State(2, 40, "a"), State(2, 41, "b", "other"))]));
        await Store.CopyAsync(Shard, Epoch(3, East), new CopyCommand.Add([Record("ada", State(3, 60, "c")), Record("eve", State(1, 9, "d"))]));
        await ReopenAsync();
        Assert.True((await Store.ReadHeadAsync(Shard)).Copying);

        var epochs = new EpochTable([new(1, At(1)), new(2, At(30)), new(3, At(52))]);
        var finish = new CopyCommand.Finish(At(50), At(60), epochs);
        var head = await Store.CopyAsync(Shard, Epoch(3, East), finish);

        // The epoch that starts after the log's end comes with its rows.
        Assert.Equal("eastus2@3 last 50 trimmed 50 checkpoint 60 epochs 1@1 2@30", Show(head));
        Assert.Equal(Show(head), Show(await Store.CopyAsync(Shard, Epoch(3, East), finish)));
        Assert.Equal(
            [Show(Record("ada", State(3, 60, "c"), State(2, 41, "b", "other"))), Show(Record("eve", State(1, 9, "d")))],
            await Store.ShowRecordsAsync(Shard));

        var result = await Store.AppendAsync(Shard, After(50, 2, Epoch(3, East), Row(2, 51), Row(3, 52, 61)));
        Assert.Equal("eastus2@3 last 61 trimmed 50 checkpoint 60 epochs 1@1 2@30 3@52", Show(result.Head));
        await ReopenAsync();
        Assert.Equal(Show(result.Head), Show(await Store.ReadHeadAsync(Shard)));
    }

    [Fact]
    public async Task A_store_that_copies_refuses_everything_else()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 5);
        await Store.CopyAsync(Shard, Epoch(2), BeginCopy);
        var before = await Store.ShowAsync(Shard);
        var result = await Store.AppendAsync(Shard, After(5, 1, Epoch(3), Row(3, 6)));
        Assert.Equal((AppendVerdict.Copying, At(5)), (result.Verdict, result.Head.Last));
        Assert.True((await Store.CutAsync(Shard, Epoch(3), At(3))).Copying);
        Assert.True((await Store.CheckpointAsync(Shard, Epoch(3), At(5), [Record("ada", State(1, 5, "x"))])).Copying);
        Assert.True((await Store.TrimAsync(Shard, Epoch(3), At(1))).Copying);
        Assert.Equal(before, await Store.ShowAsync(Shard));

        // A promise is made also while copying: a new home must be able to fence this region.
        var promised = await Store.PromiseAsync(Shard, Epoch(4, East));
        Assert.Equal((Epoch(4, East), true, At(5)), (promised.Promised, promised.Copying, promised.Last));
    }

    [Fact]
    public async Task Records_are_added_only_to_a_copy()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 5);
        var before = await Store.ShowAsync(Shard);
        Assert.False((await Store.CopyAsync(Shard, Epoch(2), new CopyCommand.Add([Record("ada", State(1, 1, "x"))]))).Copying);
        Assert.False((await Store.CopyAsync(Shard, Epoch(2), new CopyCommand.Finish(At(1), At(1), EpochTable.Empty))).Copying);
        Assert.Equal(before, await Store.ShowAsync(Shard));
    }

    [Fact]
    public async Task A_copy_that_begins_again_starts_from_nothing()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 5);
        var first = await Store.CopyAsync(Shard, Epoch(2), BeginCopy);
        await Store.CopyAsync(Shard, Epoch(2), new CopyCommand.Add([Record("ada", State(1, 1, "x"))]));
        Assert.Equal(Show(first), Show(await Store.CopyAsync(Shard, Epoch(2), BeginCopy)));
        Assert.Empty(await Store.ShowRecordsAsync(Shard));
    }

    [Fact]
    public async Task A_copy_that_ends_before_its_log_starts_is_refused()
    {
        await Store.CopyAsync(Shard, Epoch(2), BeginCopy);
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => Store.CopyAsync(Shard, Epoch(2), new CopyCommand.Finish(At(9), At(8), EpochTable.Empty)));
        Assert.True((await Store.ReadHeadAsync(Shard)).Copying);
    }

    [Fact]
    public async Task A_tombstone_that_was_copied_goes_with_the_next_trim()
    {
        await Store.CopyAsync(Shard, Epoch(2), BeginCopy);
        await Store.CopyAsync(Shard, Epoch(2), new CopyCommand.Add([Record("ada", State(1, 4, null)), Record("eve", State(1, 9, null))]));
        await Store.CopyAsync(Shard, Epoch(2), new CopyCommand.Finish(At(6), At(9), new([new(1, At(1))])));
        var head = await Store.TrimAsync(Shard, Epoch(2), At(9));
        Assert.Equal("westeurope@2 last 6 trimmed 6 checkpoint 9 epochs 1@1", Show(head));
        Assert.Equal([Show(Record("eve", State(1, 9, null)))], await Store.ShowRecordsAsync(Shard));
    }
}
