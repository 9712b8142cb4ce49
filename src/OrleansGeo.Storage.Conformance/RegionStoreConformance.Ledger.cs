using OrleansGeo.Protocol.Ledgers;
using static OrleansGeo.Storage.Conformance.StoreSamples;

namespace OrleansGeo.Storage.Conformance;

public abstract partial class RegionStoreConformance
{
    [Fact]
    public async Task The_last_mark_of_an_entry_counts()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 3);
        await Store.CutAsync(Shard, Epoch(2), At(1), foreignEpoch: 1);
        var cuts = await Store.ReadCutRowsAsync();
        Assert.Empty(await Store.ReadMarksAsync());

        await Store.MarkAsync(new(cuts[0].Id, At(2), LostWriteState.Replayed));
        await Store.MarkAsync(new(cuts[1].Id, At(3), LostWriteState.Discarded));
        await Store.MarkAsync(new(cuts[0].Id, At(2), LostWriteState.Superseded));
        await Store.MarkAsync(new(cuts[0].Id, At(2), LostWriteState.Superseded));
        LedgerMark[] marks = [new(cuts[0].Id, At(2), LostWriteState.Superseded), new(cuts[1].Id, At(3), LostWriteState.Discarded)];
        Assert.Equal(marks, await ReadMarksAsync());

        await ReopenAsync();
        Assert.Equal(marks, await ReadMarksAsync());
        await Store.MarkAsync(new(cuts[1].Id, At(3), LostWriteState.Lost));
        Assert.Equal([marks[0], marks[1] with { State = LostWriteState.Lost }], await ReadMarksAsync());
        Assert.Equal(cuts.Select(cut => cut.Id), (await Store.ReadCutRowsAsync()).Select(cut => cut.Id));
    }

    /// <summary>Cut rows stay for good: a reader that looks again must not read again what it has.</summary>
    [Fact]
    public async Task Cut_rows_that_the_reader_knows_are_left_out_and_no_others_are()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 5);
        await Store.CutAsync(Shard, Epoch(2), At(2), foreignEpoch: 1);
        var first = await IdsAsync([]);
        Assert.Equal(3, first.Length);
        Assert.Equal(first, await IdsAsync([]));
        Assert.Empty(await IdsAsync(first));
        Assert.Equal(first[1], Assert.Single(await IdsAsync([first[0], first[2], -1, long.MaxValue])));

        await Store.FillAsync(Shard, epoch: 2, 3, 4);
        await Store.CutAsync(Shard, Epoch(3), At(3), foreignEpoch: 2);
        var second = await IdsAsync(first);
        Assert.Single(second);
        Assert.Equal(first.Concat(second), await IdsAsync([]));

        await ReopenAsync();
        Assert.Equal(second, await IdsAsync(first));
        Assert.Equal(second.Prepend(first[0]), await IdsAsync([first[1], first[2]]));
        Assert.Empty(await IdsAsync([.. first, .. second]));
    }

    [Fact]
    public async Task Every_entry_of_a_row_has_its_own_mark()
    {
        await Store.AppendAsync(Shard, After(0, 0, Epoch(1), Row(1, 1, 3)));
        await Store.CutAsync(Shard, Epoch(2), At(0), foreignEpoch: 1);
        var cut = Assert.Single(await Store.ReadCutRowsAsync());
        LedgerMark[] marks =
        [
            new(cut.Id, At(1), LostWriteState.Superseded), new(cut.Id, At(2), LostWriteState.Discarded), new(cut.Id, At(3), LostWriteState.Replayed),
        ];
        await Task.WhenAll(marks.Select(mark => Task.Run(() => Store.MarkAsync(mark))));
        Assert.Equal(marks, await ReadMarksAsync());
    }

    [Fact]
    public async Task A_suspicion_is_noted_once_and_in_order()
    {
        Suspicion[] noted =
        [
            new(Shard, West, Epoch: 3, At(10)),
            new(new("r-02"), West, Epoch: 3, At(1)),
            new(Shard, East, Epoch: 3, At(9)),
            new(Shard, West, Epoch: 2, At(8)),
        ];
        Assert.Empty(await Store.ReadSuspicionsAsync());
        foreach (var suspicion in noted)
        {
            await Store.SuspectAsync(suspicion);
            await Store.SuspectAsync(suspicion);
        }

        // The first counts: an attempt to promote that is repeated knows no better.
        await Store.SuspectAsync(noted[0] with { From = At(99) });
        Assert.Equal(noted, await Store.ReadSuspicionsAsync());
        await ReopenAsync();
        await Store.SuspectAsync(noted[1]);
        Assert.Equal(noted, await Store.ReadSuspicionsAsync());
        Assert.Empty(await Store.ListShardsAsync());
    }

    [Fact]
    public async Task A_suspicion_that_was_taken_back_is_gone()
    {
        Suspicion[] noted = [.. Enumerable.Range(1, 4).Select(epoch => new Suspicion(Shard, West, epoch, At(epoch)))];
        foreach (var suspicion in noted)
        {
            await Store.SuspectAsync(suspicion);
        }

        await Store.ClearSuspicionAsync(noted[1]);
        await Store.ClearSuspicionAsync(noted[1]);
        await Store.ClearSuspicionAsync(new(Shard, East, Epoch: 1, At(1)));

        // Shard, region and epoch are its name; from where on it was suspected is not.
        await Store.ClearSuspicionAsync(noted[3] with { From = At(77) });
        Assert.Equal([noted[0], noted[2]], await ReadSuspicionsAsync());
        await ReopenAsync();
        Assert.Equal([noted[0], noted[2]], await ReadSuspicionsAsync());

        // Noted again, it is a new one.
        await Store.SuspectAsync(noted[1]);
        Assert.Equal([noted[0], noted[2], noted[1]], await ReadSuspicionsAsync());
    }

    private async Task<long[]> IdsAsync(long[] known) => [.. (await Store.ReadCutRowsAsync(known.ToHashSet())).Select(static cut => cut.Id)];

    private async Task<IEnumerable<Suspicion>> ReadSuspicionsAsync() => await Store.ReadSuspicionsAsync();

    private async Task<IEnumerable<LedgerMark>> ReadMarksAsync() =>
        (await Store.ReadMarksAsync()).OrderBy(mark => mark.Cut).ThenBy(mark => mark.Position);
}
