using OrleansGeo.Protocol.Sharding;
using static OrleansGeo.Storage.Conformance.StoreSamples;

namespace OrleansGeo.Storage.Conformance;

public abstract partial class RegionStoreConformance
{
    [Fact]
    public async Task A_cut_moves_rows_into_the_ledger()
    {
        await Store.AppendAsync(Shard, After(0, 0, Epoch(2), Row(1, 1, 2), Row(1, 3, 4), Row(2, 5), Row(2, 6, 8)));
        var head = await Store.CutAsync(Shard, Epoch(3, East), At(2), foreignEpoch: 1);
        Assert.Equal("eastus2@3 last 2 trimmed 0 checkpoint 0 epochs 1@1", Show(head));
        Assert.Equal([Show(Row(1, 1, 2))], await Store.ShowLogAsync(Shard));
        string[] cut = [$"q-07 {Show(Row(1, 3, 4))}", $"q-07 {Show(Row(2, 5))}", $"q-07 {Show(Row(2, 6, 8))}"];
        Assert.Equal(cut, await Store.ShowCutsAsync());

        Assert.Equal(Show(head), Show(await Store.CutAsync(Shard, Epoch(3, East), At(2), foreignEpoch: 1)));
        Assert.Equal(cut, await Store.ShowCutsAsync());
        await ReopenAsync();
        Assert.Equal(cut, await Store.ShowCutsAsync());
    }

    [Fact]
    public async Task The_log_goes_on_after_a_cut_and_the_ledger_keeps_its_order()
    {
        var other = new ShardId("r-11");
        await Store.FillAsync(Shard, epoch: 1, 1, 4);
        await Store.FillAsync(other, epoch: 1, 1, 2);
        await Store.CutAsync(Shard, Epoch(2), At(3), foreignEpoch: 1);
        await Store.CutAsync(other, Epoch(2), At(0), foreignEpoch: 1);
        await Store.FillAsync(Shard, epoch: 2, 4, 5);
        await ReopenAsync();
        await Store.CutAsync(Shard, Epoch(3), At(4), foreignEpoch: 2);
        var cuts = await Store.ReadCutRowsAsync();
        Assert.Equal(
            ["q-07 1:4", "r-11 1:1", "r-11 1:2", "q-07 2:5"], cuts.Select(cut => $"{cut.Shard} {cut.Row.Epoch}:{cut.Row.First}"));
        Assert.Equal(cuts.Select(cut => cut.Id).Order().Distinct(), cuts.Select(cut => cut.Id));
        Assert.Equal("westeurope@3 last 4 trimmed 0 checkpoint 0 epochs 1@1 2@4", Show(await Store.ReadHeadAsync(Shard)));
    }

    [Fact]
    public async Task A_cut_of_another_epoch_than_the_caller_saw_changes_nothing()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 4);
        await Store.CutAsync(Shard, Epoch(2), At(2), foreignEpoch: 1);
        await Store.FillAsync(Shard, epoch: 2, 3, 5);
        var before = await Store.ShowAsync(Shard);

        // The same cut again, by an activation that does not know that it was made; a later one; one of an epoch that never was.
        Assert.Equal(At(5), (await Store.CutAsync(Shard, Epoch(2), At(2), foreignEpoch: 1)).Last);
        Assert.Equal(Epoch(2), (await Store.CutAsync(Shard, Epoch(3, East), At(4), foreignEpoch: 1)).Promised);
        Assert.Equal(At(5), (await Store.CutAsync(Shard, Epoch(3, East), At(2), foreignEpoch: 3)).Last);
        Assert.Equal(before, await Store.ShowAsync(Shard));

        // What counts is the entry after the one that stays, not the last one.
        Assert.Equal(At(1), (await Store.CutAsync(Shard, Epoch(2), At(1), foreignEpoch: 1)).Last);
        Assert.Equal(
            [3L, 4, 2, 3, 4, 5], (await Store.ReadCutRowsAsync()).Select(cut => cut.Row.First.Value));
    }

    [Fact]
    public async Task A_cut_at_or_after_the_end_removes_nothing()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 4);
        Assert.Equal(At(4), (await Store.CutAsync(Shard, Epoch(1), At(4), foreignEpoch: 1)).Last);
        Assert.Equal(At(4), (await Store.CutAsync(Shard, Epoch(1), At(9), foreignEpoch: 1)).Last);
        Assert.Empty(await Store.ReadCutRowsAsync());
    }

    [Fact]
    public async Task A_cut_below_the_checkpoint_or_through_a_row_is_refused()
    {
        await Store.AppendAsync(Shard, After(0, 0, Epoch(1), Row(1, 1, 2), Row(1, 3, 6), Row(1, 7)));
        await Store.CheckpointAsync(Shard, Epoch(1), At(2), []);
        var before = await Store.ShowAsync(Shard);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.CutAsync(Shard, Epoch(2), At(1), foreignEpoch: 1));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.CutAsync(Shard, Epoch(2), At(4), foreignEpoch: 1));
        Assert.Equal(before, await Store.ShowAsync(Shard));
        Assert.Equal(At(2), (await Store.CutAsync(Shard, Epoch(2), At(2), foreignEpoch: 1)).Last);
    }

    [Fact]
    public async Task A_log_is_read_from_the_row_that_holds_the_position()
    {
        await Store.AppendAsync(Shard, After(0, 0, Epoch(1), Row(1, 1, 3), Row(1, 4, 6), Row(1, 7)));
        async Task<IEnumerable<long>> FirstsFrom(long from, int maxBytes = int.MaxValue) =>
            (await Store.ReadLogAsync(Shard, At(from), maxBytes)).Select(row => row.First.Value);

        Assert.Equal([1, 4, 7], await FirstsFrom(0));
        Assert.Equal([1, 4, 7], await FirstsFrom(3));
        Assert.Equal([4, 7], await FirstsFrom(4));
        Assert.Equal([4, 7], await FirstsFrom(6));
        Assert.Equal([7], await FirstsFrom(7));
        Assert.Empty(await FirstsFrom(8));
        Assert.Equal([1], await FirstsFrom(1, maxBytes: 0));
        Assert.Equal([1, 4], await FirstsFrom(1, Row(1, 1, 3).Bytes.Length));

        await Store.CheckpointAsync(Shard, Epoch(1), At(7), []);
        await Store.TrimAsync(Shard, Epoch(1), At(4));
        Assert.Equal([4, 7], await FirstsFrom(2));
    }

    [Fact]
    public async Task Trimming_deletes_whole_rows_up_to_the_checkpoint()
    {
        await Store.AppendAsync(Shard, After(0, 0, Epoch(1), Row(1, 1, 3), Row(1, 4, 6), Row(1, 7)));
        await Store.CheckpointAsync(Shard, Epoch(1), At(6), []);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.TrimAsync(Shard, Epoch(1), At(7)));
        Assert.Equal(At(0), (await Store.TrimAsync(Shard, Epoch(1), At(2))).Trimmed);

        // In the middle of the second row: what starts before it is gone, the row stays.
        var head = await Store.TrimAsync(Shard, Epoch(1), At(5));
        Assert.Equal("westeurope@1 last 7 trimmed 3 checkpoint 6 epochs 1@1", Show(head));
        Assert.Equal([Show(Row(1, 4, 6)), Show(Row(1, 7))], await Store.ShowLogAsync(Shard));
        Assert.Equal(Show(head), Show(await Store.TrimAsync(Shard, Epoch(1), At(5))));
        Assert.Equal(Show(head), Show(await Store.TrimAsync(Shard, Epoch(1), At(1))));
    }

    [Fact]
    public async Task A_log_that_is_trimmed_to_its_end_goes_on()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 4);
        await Store.CheckpointAsync(Shard, Epoch(1), At(4), []);
        Assert.Equal(At(4), (await Store.TrimAsync(Shard, Epoch(1), At(4))).Trimmed);
        await ReopenAsync();
        await Store.FillAsync(Shard, epoch: 2, 5, 6);
        Assert.Equal("westeurope@2 last 6 trimmed 4 checkpoint 4 epochs 1@1 2@5", Show(await Store.ReadHeadAsync(Shard)));
    }
}
