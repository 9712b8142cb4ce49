using OrleansGeo.Protocol.Logs;
using static OrleansGeo.Storage.Conformance.StoreSamples;

namespace OrleansGeo.Storage.Conformance;

public abstract partial class RegionStoreConformance
{
    [Fact]
    public async Task A_step_of_another_copy_changes_nothing()
    {
        await Store.FillAsync(Shard, 1, 1, 3);
        await Store.CopyAsync(Shard, Epoch(2), BeginCopy);
        var head = await Store.CopyAsync(Shard, Epoch(2), new CopyCommand.Finish(Guid.NewGuid(), At(6), At(9), new([new(1, At(1))])));
        Assert.True(head.Copying);
        await Store.CopyAsync(Shard, Epoch(2), new CopyCommand.Add(Guid.NewGuid(), [Record("ada", State(1, 3, "x"))]));
        Assert.Empty(await Store.ShowRecordsAsync(Shard));
        Assert.False((await Store.CopyAsync(Shard, Epoch(2), new CopyCommand.Finish(TheCopy, At(6), At(9), new([new(1, At(1))])))).Copying);
    }

    [Fact]
    public async Task A_copy_replaces_what_was_there_and_the_log_goes_on_after_it()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 5);
        await Store.CheckpointAsync(Shard, Epoch(1), At(4), [Record("old", State(1, 1, "x"))]);
        var begun = await Store.CopyAsync(Shard, Epoch(3, East), BeginCopy);
        Assert.Equal((true, Epoch(3, East), At(5), 1L), (begun.Copying, begun.Promised, begun.Last, begun.LastEpoch));
        Assert.Empty(await Store.ReadLogAsync(Shard, At(1), 100));
        Assert.Empty(await Store.ShowRecordsAsync(Shard));

        await Store.CopyAsync(Shard, Epoch(3, East), new CopyCommand.Add(TheCopy, [Record("ada", State(2, 40, "a"), State(2, 41, "b", "other"))]));
        await Store.CopyAsync(Shard, Epoch(3, East), new CopyCommand.Add(TheCopy, [Record("ada", State(3, 60, "c")), Record("eve", State(1, 9, "d"))]));
        await ReopenAsync();
        Assert.True((await Store.ReadHeadAsync(Shard)).Copying);

        var epochs = new EpochTable([new(1, At(1)), new(2, At(30)), new(3, At(52))]);
        var finish = new CopyCommand.Finish(TheCopy, At(50), At(60), epochs);
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
    public async Task A_copy_that_is_not_needed_is_refused_and_changes_nothing()
    {
        await Store.AppendAsync(Shard, After(0, 0, Epoch(2), Row(1, 1, 2), Row(2, 3), Row(2, 4)));
        await Store.CheckpointAsync(Shard, Epoch(2), At(2), [Record("ada", State(1, 1, "x"))]);
        var before = await Store.ShowAsync(Shard);
        CopyCommand.Begin[] unnecessary =
        [
            CopyFrom(trimmed: 4, last: 9, (1, 1), (2, 3)), // The home still has all that follows.
            CopyFrom(trimmed: 2, last: 9, (1, 1), (3, 3)), // What they have in common ends where the home's log starts: a cut is enough.
            CopyFrom(trimmed: 0, last: 9, (4, 1)),
        ];
        foreach (var begin in unnecessary)
        {
            var head = await Store.CopyAsync(Shard, Epoch(5, East), begin);
            Assert.Equal((false, Epoch(2)), (head.Copying, head.Promised));
            Assert.Equal(before, await Store.ShowAsync(Shard));
        }
    }

    [Fact]
    public async Task The_first_page_of_a_copy_that_ended_discards_nothing()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 2);
        var begin = CopyFrom(trimmed: 5, last: 8, (1, 1));
        await Store.CopyAsync(Shard, Epoch(2), begin);
        await Store.CopyAsync(Shard, Epoch(2), new CopyCommand.Add(TheCopy, [Record("ada", State(1, 3, "x"))]));
        await Store.CopyAsync(Shard, Epoch(2), new CopyCommand.Finish(TheCopy, At(5), At(5), new([new(1, At(1))])));
        await Store.FillAsync(Shard, epoch: 2, 6, 7);
        var before = await Store.ShowAsync(Shard);
        Assert.False((await Store.CopyAsync(Shard, Epoch(2), begin)).Copying);
        Assert.Equal(before, await Store.ShowAsync(Shard));
    }

    [Fact]
    public async Task Rows_that_the_home_does_not_have_go_to_the_ledger_when_a_copy_begins()
    {
        await Store.AppendAsync(Shard, After(0, 0, Epoch(3), Row(1, 1, 2), Row(2, 3), Row(3, 4, 6), Row(3, 7)));
        await Store.CheckpointAsync(Shard, Epoch(3), At(2), [Record("ada", State(1, 1, "x"))]);

        // The home has the entries to 3, and an epoch 5 after them.
        var begin = CopyFrom(trimmed: 9, last: 12, (1, 1), (2, 3), (5, 4));
        var head = await Store.CopyAsync(Shard, Epoch(5, East), begin);
        Assert.Equal("eastus2@5 last 7 trimmed 0 checkpoint 0 copying epochs 1@1 2@3 3@4", Show(head));
        string[] cuts = [$"q-07 {Show(Row(3, 4, 6))}", $"q-07 {Show(Row(3, 7))}"];
        Assert.Equal(cuts, await Store.ShowCutsAsync());
        Assert.Empty(await Store.ShowLogAsync(Shard));
        Assert.Empty(await Store.ShowRecordsAsync(Shard));

        // Begun again after a restart: once is enough.
        await ReopenAsync();
        Assert.Equal(Show(head), Show(await Store.CopyAsync(Shard, Epoch(5, East), begin)));
        Assert.Equal(cuts, await Store.ShowCutsAsync());
    }

    [Fact]
    public async Task A_copy_keeps_the_newer_version_of_each_state()
    {
        await Store.CopyAsync(Shard, Epoch(2), BeginCopy);
        await Store.CopyAsync(Shard, Epoch(2), new CopyCommand.Add(TheCopy, [Record("ada", State(1, 9, null), State(1, 3, "old", "other"))]));
        await Store.CopyAsync(Shard, Epoch(2), new CopyCommand.Add(TheCopy, [Record("ada", State(1, 8, "older"), State(1, 4, "new", "other"))]));
        Assert.Equal([Show(Record("ada", State(1, 9, null), State(1, 4, "new", "other")))], await Store.ShowRecordsAsync(Shard));
    }

    [Fact]
    public async Task A_store_that_copies_refuses_everything_else()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 5);
        await Store.CopyAsync(Shard, Epoch(2), BeginCopy);
        var before = await Store.ShowAsync(Shard);
        var result = await Store.AppendAsync(Shard, After(5, 1, Epoch(3), Row(3, 6)));
        Assert.Equal((AppendVerdict.Copying, At(5)), (result.Verdict, result.Head.Last));
        Assert.True((await Store.CutAsync(Shard, Epoch(3), At(3), foreignEpoch: 1)).Copying);
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
        Assert.False((await Store.CopyAsync(Shard, Epoch(2), new CopyCommand.Add(TheCopy, [Record("ada", State(1, 1, "x"))]))).Copying);
        Assert.False((await Store.CopyAsync(Shard, Epoch(2), new CopyCommand.Finish(TheCopy, At(1), At(1), EpochTable.Empty))).Copying);
        Assert.Equal(before, await Store.ShowAsync(Shard));
    }

    [Fact]
    public async Task A_copy_that_begins_again_starts_from_nothing()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 5);
        var first = await Store.CopyAsync(Shard, Epoch(2), BeginCopy);
        await Store.CopyAsync(Shard, Epoch(2), new CopyCommand.Add(TheCopy, [Record("ada", State(1, 1, "x"))]));
        Assert.Equal(Show(first), Show(await Store.CopyAsync(Shard, Epoch(2), BeginCopy)));
        Assert.Empty(await Store.ShowRecordsAsync(Shard));
    }

    [Fact]
    public async Task A_copy_that_ends_before_its_log_starts_is_refused()
    {
        await Store.CopyAsync(Shard, Epoch(2), BeginCopy);
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => Store.CopyAsync(Shard, Epoch(2), new CopyCommand.Finish(TheCopy, At(9), At(8), EpochTable.Empty)));
        Assert.True((await Store.ReadHeadAsync(Shard)).Copying);
    }

    [Fact]
    public async Task A_tombstone_that_was_copied_goes_with_the_next_trim()
    {
        await Store.CopyAsync(Shard, Epoch(2), BeginCopy);
        await Store.CopyAsync(Shard, Epoch(2), new CopyCommand.Add(TheCopy, [Record("ada", State(1, 4, null)), Record("eve", State(1, 9, null))]));
        await Store.CopyAsync(Shard, Epoch(2), new CopyCommand.Finish(TheCopy, At(6), At(9), new([new(1, At(1))])));
        var head = await Store.TrimAsync(Shard, Epoch(2), At(9));
        Assert.Equal("westeurope@2 last 6 trimmed 6 checkpoint 9 epochs 1@1", Show(head));
        Assert.Equal([Show(Record("eve", State(1, 9, null)))], await Store.ShowRecordsAsync(Shard));
    }
}
