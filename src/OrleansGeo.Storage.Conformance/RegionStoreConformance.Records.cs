using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using static OrleansGeo.Storage.Conformance.StoreSamples;

namespace OrleansGeo.Storage.Conformance;

public abstract partial class RegionStoreConformance
{
    [Fact]
    public async Task A_checkpoint_writes_changed_states_over_the_record()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 9);
        await Store.CheckpointAsync(Shard, Epoch(1), At(3), [Record("ada", State(1, 1, "a"), State(1, 2, "b", "other"))]);
        var head = await Store.CheckpointAsync(Shard, Epoch(1), At(6), [Record("ada", State(1, 5, "c")), Record("eve", State(1, 6, ""))]);
        Assert.Equal(At(6), head.Checkpoint);
        var ada = await Store.ReadRecordAsync(Shard, "ada");
        Assert.Equal(Show(new EntityRecord([State(1, 5, "c"), State(1, 2, "b", "other")])), Show(ada));
        Assert.Equal(new RecordVersion(1, At(5)), ada.Version);

        // Empty is not cleared.
        Assert.Equal(0, (await Store.ReadRecordAsync(Shard, "eve")).Find("state")!.Bytes!.Value.Length);
        Assert.Empty((await Store.ReadRecordAsync(new ShardId("q-08"), "ada")).States);
    }

    [Fact]
    public async Task A_checkpoint_keeps_the_newer_version_of_each_state()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 9);
        await Store.CheckpointAsync(
            Shard, Epoch(1), At(5), [Record("ada", State(1, 4, "new"), State(2, 4, null, "cleared"), State(1, 2, "old", "other"))]);
        var head = await Store.CheckpointAsync(
            Shard, Epoch(1), At(9), [Record("ada", State(2, 3, "older"), State(1, 4, "older", "cleared"), State(1, 9, "newer", "other"))]);
        Assert.Equal(At(9), head.Checkpoint);
        Assert.Equal(
            Show(new EntityRecord([State(2, 4, null, "cleared"), State(1, 9, "newer", "other"), State(1, 4, "new")])),
            Show(await Store.ReadRecordAsync(Shard, "ada")));
    }

    [Fact]
    public async Task A_checkpoint_that_is_already_there_changes_nothing()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 9);
        ImmutableArray<StoredRecord> changes = [Record("ada", State(1, 5, "new"))];
        var head = await Store.CheckpointAsync(Shard, Epoch(1), At(5), changes);
        var before = await Store.ShowAsync(Shard);
        Assert.Equal(Show(head), Show(await Store.CheckpointAsync(Shard, Epoch(1), At(5), changes)));
        Assert.Equal(Show(head), Show(await Store.CheckpointAsync(Shard, Epoch(2), At(3), [Record("ada", State(1, 3, "old"))])));
        Assert.Equal(before, await Store.ShowAsync(Shard));
    }

    [Fact]
    public async Task A_checkpoint_past_the_log_is_refused()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 3);
        var before = await Store.ShowAsync(Shard);
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => Store.CheckpointAsync(Shard, Epoch(2), At(4), [Record("ada", State(1, 4, "x"))]));
        Assert.Equal(before, await Store.ShowAsync(Shard));
    }

    [Fact]
    public async Task Tombstones_go_with_the_rows_that_cleared_the_state()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 9);
        await Store.CheckpointAsync(Shard, Epoch(1), At(8),
        [
            Record("ada", State(1, 2, null), State(1, 3, "kept", "other")),
            Record("eve", State(1, 3, null)),
            Record("kay", State(1, 6, null)),
        ]);
        Assert.Null((await Store.ReadRecordAsync(Shard, "eve")).States[0].Bytes);
        await Store.TrimAsync(Shard, Epoch(1), At(3));
        Assert.Equal(
            [Show(Record("ada", State(1, 3, "kept", "other"))), Show(Record("kay", State(1, 6, null)))], await Store.ShowRecordsAsync(Shard));
        Assert.Empty((await Store.ReadRecordAsync(Shard, "eve")).States);
    }

    [Fact]
    public async Task A_tombstone_that_carries_the_version_stays_while_another_state_lives()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 9);
        await Store.CheckpointAsync(Shard, Epoch(1), At(5),
        [
            Record("ada", State(1, 2, "lives"), State(1, 3, null, "earlier"), State(1, 4, null, "latest")),
            Record("eve", State(1, 3, null), State(1, 4, null, "latest")),
            Record("kay", State(1, 3, null), State(1, 5, null, "latest")),
        ]);
        await Store.TrimAsync(Shard, Epoch(1), At(4));
        await ReopenAsync();
        Assert.Equal(
            [
                Show(Record("ada", State(1, 4, null, "latest"), State(1, 2, "lives"))),
                Show(Record("kay", State(1, 5, null, "latest"))),
            ],
            await Store.ShowRecordsAsync(Shard));

        // A later version takes its place.
        await Store.CheckpointAsync(Shard, Epoch(1), At(9), [Record("ada", State(1, 8, "changed"))]);
        await Store.TrimAsync(Shard, Epoch(1), At(5));
        Assert.Equal([Show(Record("ada", State(1, 8, "changed")))], await Store.ShowRecordsAsync(Shard));
    }

    [Fact]
    public async Task Records_are_paged_in_ordinal_order_whatever_the_key()
    {
        string[] keys =
        [
            "", "\0", "\0\0", "a", "a\0", "a/b", "a/c", "A", "Z", "ä", "日本", "😀", "😀/1", "\uD83D", "\uDE00", "\uE000", "\uFFFF", "x'; DROP TABLE log;--",
            new('k', 5000),
        ];
        await Store.FillAsync(Shard, epoch: 1, 1, 1);
        await Store.FillAsync(new ShardId("q-08"), epoch: 1, 1, 1);
        await Store.CheckpointAsync(Shard, Epoch(1), At(1), [.. keys.Select(key => Record(key, State(1, 1, "of " + key.Length), State(1, 1, null, "😀\0")))]);
        await Store.CheckpointAsync(new("q-08"), Epoch(1), At(1), [Record("elsewhere", State(1, 1, "x"))]);
        var expected = keys.Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(expected, (await Store.ReadRecordsAsync(Shard, null, int.MaxValue)).Select(record => record.Entity));

        var paged = new List<string>();
        for (string? after = null; await Store.ReadRecordsAsync(Shard, after, maxBytes: 60) is { Length: > 0 } page; after = page[^1].Entity)
        {
            Assert.True(page.Length < keys.Length);
            Assert.All(page, record => Assert.Equal(2, record.Record.States.Length));
            paged.AddRange(page.Select(record => record.Entity));
        }

        Assert.Equal(expected, paged);
        foreach (var key in keys)
        {
            var record = await Store.ReadRecordAsync(Shard, key);
            Assert.Equal(Show(new EntityRecord([State(1, 1, "of " + key.Length), State(1, 1, null, "😀\0")])), Show(record));
        }
    }

    [Fact]
    public async Task A_page_has_at_least_one_entity()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 1);
        await Store.CheckpointAsync(
            Shard, Epoch(1), At(1), [Record("a", State(1, 1, new('x', 4000))), Record("b", State(1, 1, "y")), Record("c", State(1, 1, null))]);
        Assert.Equal("a", Assert.Single(await Store.ReadRecordsAsync(Shard, null, maxBytes: 1)).Entity);
        Assert.Equal("b", Assert.Single(await Store.ReadRecordsAsync(Shard, "a", maxBytes: 1)).Entity);
        Assert.Equal("c", Assert.Single(await Store.ReadRecordsAsync(Shard, "bb", maxBytes: 1)).Entity);
        Assert.Empty(await Store.ReadRecordsAsync(Shard, "c", maxBytes: 1));
    }
}
