using OrleansGeo.Protocol.Logs;
using static OrleansGeo.Storage.Conformance.StoreSamples;

namespace OrleansGeo.Storage.Conformance;

public abstract partial class RegionStoreConformance
{
    [Fact]
    public async Task An_append_stores_its_rows_and_raises_the_promise()
    {
        var result = await Store.AppendAsync(Shard, After(0, 0, Epoch(2), Row(1, 1, 3), Row(2, 4)));
        Assert.Equal(AppendVerdict.Stored, result.Verdict);
        Assert.Equal("westeurope@2 last 4 trimmed 0 checkpoint 0 epochs 1@1 2@4", Show(result.Head));
        Assert.Equal(Show(result.Head), Show(await Store.ReadHeadAsync(Shard)));
        Assert.Equal([Show(Row(1, 1, 3)), Show(Row(2, 4))], await Store.ShowLogAsync(Shard));
        Assert.Equal(Shard, Assert.Single(await Store.ListShardsAsync()));
    }

    [Fact]
    public async Task An_append_does_not_keep_the_callers_buffer()
    {
        var bytes = new byte[] { 1, 2, 3 };
        await Store.AppendAsync(Shard, After(0, 0, Epoch(1), new LogRow(1, At(1), At(1), bytes)));
        bytes[0] = 9;
        Assert.Equal([1, 2, 3], (await Store.ReadLogAsync(Shard, At(1), 100))[0].Bytes.ToArray());
    }

    [Fact]
    public async Task A_row_may_be_empty_or_large()
    {
        var large = new byte[1 << 20];
        new Random(7).NextBytes(large);
        await Store.AppendAsync(
            Shard, After(0, 0, Epoch(1), new LogRow(1, At(1), At(1), default), new LogRow(1, At(2), At(2), large)));
        await ReopenAsync();
        var rows = await Store.ReadLogAsync(Shard, At(1), int.MaxValue);
        Assert.True(rows[0].Bytes.IsEmpty);
        Assert.True(rows[1].Bytes.Span.SequenceEqual(large));
    }

    [Fact]
    public async Task A_repeated_append_changes_nothing()
    {
        var command = After(0, 0, Epoch(1), Row(1, 1, 2), Row(1, 3));
        var first = await Store.AppendAsync(Shard, command);
        var second = await Store.AppendAsync(Shard, command);
        Assert.Equal(AppendVerdict.Stored, second.Verdict);
        Assert.Equal(Show(first.Head), Show(second.Head));
        Assert.Equal(2, (await Store.ShowLogAsync(Shard)).Length);
    }

    [Fact]
    public async Task A_row_that_stands_there_with_other_bytes_is_diverged_and_changes_nothing()
    {
        await Store.AppendAsync(Shard, After(0, 0, Epoch(1), Row(1, 1), Row(1, 2, 3), Row(1, 4)));
        var before = await Store.ShowAsync(Shard);
        AppendCommand[] diverging =
        [
            After(1, 1, Epoch(1), Other(Row(1, 2, 3))),
            After(1, 1, Epoch(2), Row(1, 2, 3), Other(Row(1, 4)), Row(2, 5)), // and would add a row and raise the promise
            After(1, 1, Epoch(2), Row(1, 2), Row(1, 3)), // the same entries in other rows
            After(2, 1, Epoch(2), Row(1, 3)), // starts in the middle of a row
            After(0, 0, Epoch(2), Row(1, 1) with { Bytes = default }),
        ];
        foreach (var command in diverging)
        {
            var result = await Store.AppendAsync(Shard, command);
            Assert.Equal((AppendVerdict.Diverged, At(4), Epoch(1)), (result.Verdict, result.Head.Last, result.Head.Promised));
            Assert.Equal(before, await Store.ShowAsync(Shard));
        }

        await ReopenAsync();
        Assert.Equal(before, await Store.ShowAsync(Shard));
        var same = await Store.AppendAsync(Shard, After(1, 1, Epoch(1), Row(1, 2, 3), Row(1, 4), Row(1, 5)));
        Assert.Equal((AppendVerdict.Stored, At(5)), (same.Verdict, same.Head.Last));
    }

    [Fact]
    public async Task The_second_of_two_activations_with_one_token_is_told()
    {
        // Both are made before either is complete: the answer to the second must not rest on the head alone.
        var first = Store.AppendAsync(Shard, After(0, 0, Epoch(1), Row(1, 1)));
        var second = Store.AppendAsync(Shard, After(0, 0, Epoch(1), Other(Row(1, 1))));
        Assert.Equal(AppendVerdict.Stored, (await first).Verdict);
        Assert.Equal(AppendVerdict.Diverged, (await second).Verdict);
        Assert.Equal([Show(Row(1, 1))], await Store.ShowLogAsync(Shard));
    }

    [Fact]
    public async Task A_short_append_never_cuts()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 5);
        var result = await Store.AppendAsync(Shard, After(1, 1, Epoch(1), Row(1, 2)));
        Assert.Equal(AppendVerdict.Stored, result.Verdict);
        Assert.Equal(At(5), result.Head.Last);
        Assert.Equal(5, (await Store.ShowLogAsync(Shard)).Length);
        Assert.Empty(await Store.ReadCutRowsAsync());
    }

    [Fact]
    public async Task An_append_that_overlaps_adds_what_is_missing()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 3);
        var result = await Store.AppendAsync(Shard, After(1, 1, Epoch(1), Row(1, 2), Row(1, 3), Row(1, 4), Row(1, 5)));
        Assert.Equal((AppendVerdict.Stored, At(5)), (result.Verdict, result.Head.Last));
        Assert.Equal(5, (await Store.ShowLogAsync(Shard)).Length);
    }

    [Fact]
    public async Task An_empty_append_verifies_and_raises_the_promise()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 3);
        Assert.Equal(AppendVerdict.Stored, (await Store.AppendAsync(Shard, After(3, 1, Epoch(4, East)))).Verdict);
        Assert.Equal(AppendVerdict.Conflict, (await Store.AppendAsync(Shard, After(3, 2, Epoch(4, East)))).Verdict);
        Assert.Equal(AppendVerdict.Gap, (await Store.AppendAsync(Shard, After(4, 1, Epoch(4, East)))).Verdict);
        Assert.Equal(Epoch(4, East), (await Store.ReadHeadAsync(Shard)).Promised);
    }

    [Fact]
    public async Task A_gap_is_refused_and_promises_nothing()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 3);
        var before = await Store.ShowAsync(Shard);
        var result = await Store.AppendAsync(Shard, After(4, 1, Epoch(2), Row(2, 5)));
        Assert.Equal((AppendVerdict.Gap, At(3)), (result.Verdict, result.Head.Last));
        Assert.Equal(before, await Store.ShowAsync(Shard));
    }

    [Theory]
    [InlineData(3, 2, 2, 4)] // The entry before is of another epoch.
    [InlineData(2, 1, 2, 3)] // A row that is there is of another epoch.
    public async Task A_conflict_is_refused_and_promises_nothing(long previous, long previousEpoch, long epoch, long first)
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 3);
        var before = await Store.ShowAsync(Shard);
        var result = await Store.AppendAsync(Shard, After(previous, previousEpoch, Epoch(2), Row(epoch, first), Row(epoch, first + 1)));
        Assert.Equal(AppendVerdict.Conflict, result.Verdict);
        Assert.Equal(before, await Store.ShowAsync(Shard));
    }

    [Fact]
    public async Task What_was_trimmed_is_not_compared()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 4);
        await Store.CheckpointAsync(Shard, Epoch(1), At(4), []);
        await Store.TrimAsync(Shard, Epoch(1), At(3));
        var result = await Store.AppendAsync(Shard, After(1, 1, Epoch(1), Other(Row(1, 2)), Row(1, 3), Row(1, 4), Row(1, 5)));
        Assert.Equal((AppendVerdict.Stored, At(5)), (result.Verdict, result.Head.Last));
        Assert.Equal([Show(Row(1, 4)), Show(Row(1, 5))], await Store.ShowLogAsync(Shard));
    }

    [Fact]
    public async Task Rows_that_cannot_be_are_refused_and_leave_nothing()
    {
        await Store.AppendAsync(Shard, After(0, 0, Epoch(2), Row(2, 1, 3)));
        var before = await Store.ShowAsync(Shard);
        AppendCommand[] wrong =
        [
            After(3, 2, Epoch(2), Row(2, 5)), // not after the previous entry
            After(3, 2, Epoch(2), Row(2, 4), Row(2, 6)), // a gap between rows
            After(3, 2, Epoch(2), Row(1, 4)), // an epoch below the entry before
            After(3, 2, Epoch(2), Row(3, 4)), // an epoch above the writer's
            After(3, 2, Epoch(2), Row(2, 4, 3)), // ends before it starts
        ];
        foreach (var command in wrong)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => Store.AppendAsync(Shard, command));
        }

        // Half stored: another activation's row ends in the middle of this one.
        Assert.Equal(AppendVerdict.Diverged, (await Store.AppendAsync(Shard, After(1, 2, Epoch(2), Row(2, 2, 5)))).Verdict);
        Assert.Equal(before, await Store.ShowAsync(Shard));
        await Store.FillAsync(Shard, epoch: 2, 4, 4);
    }

    [Fact]
    public async Task A_promise_and_the_tail_are_one_step()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 3);

        // Made before any of them is complete: what the promise reports must be exactly what was appended before it.
        var early = Store.AppendAsync(Shard, After(3, 1, Epoch(1), Row(1, 4)));
        var promise = Store.PromiseAsync(Shard, Epoch(2, East));
        var late = Store.AppendAsync(Shard, After(4, 1, Epoch(1), Row(1, 5)));
        Assert.Equal(AppendVerdict.Stored, (await early).Verdict);
        Assert.Equal("eastus2@2 last 4 trimmed 0 checkpoint 0 epochs 1@1", Show(await promise));
        Assert.Equal(AppendVerdict.Fenced, (await late).Verdict);
        await ReopenAsync();
        Assert.Equal(Show(await promise), Show(await Store.ReadHeadAsync(Shard)));
    }

    [Fact]
    public async Task A_promise_can_be_repeated_and_only_rises()
    {
        Assert.Equal(Epoch(3), (await Store.PromiseAsync(Shard, Epoch(3))).Promised);
        Assert.Equal(Epoch(3), (await Store.PromiseAsync(Shard, Epoch(3))).Promised);
        Assert.Equal(Epoch(3), (await Store.PromiseAsync(Shard, Epoch(3, East))).Promised);
        Assert.Equal(Epoch(3), (await Store.PromiseAsync(Shard, Epoch(2))).Promised);
        Assert.Equal(Epoch(4, East), (await Store.PromiseAsync(Shard, Epoch(4, East))).Promised);
    }

    public static TheoryData<long, string> Fenced => new() { { 4, "westeurope" }, { 5, "eastus2" } };

    /// <summary>Invariant 5, on every call that changes something: a lower epoch, and an equal one of another region.</summary>
    [Theory]
    [MemberData(nameof(Fenced))]
    public async Task Every_mutation_is_fenced(long epoch, string region)
    {
        var token = Epoch(epoch, new(region));
        await Store.FillAsync(Shard, epoch: 5, 1, 6);
        await Store.CheckpointAsync(Shard, Epoch(5), At(3), [Record("ada", State(5, 1, "x"))]);
        var before = await Store.ShowAsync(Shard);
        var head = Show(await Store.ReadHeadAsync(Shard));

        Assert.Equal(AppendVerdict.Fenced, (await Store.AppendAsync(Shard, After(6, epoch, token, Row(epoch, 7)))).Verdict);
        Assert.Equal(head, Show(await Store.PromiseAsync(Shard, token)));
        Assert.Equal(head, Show(await Store.CutAsync(Shard, token, At(4), foreignEpoch: 5)));
        Assert.Equal(head, Show(await Store.CheckpointAsync(Shard, token, At(5), [Record("ada", State(5, 5, "y"))])));
        Assert.Equal(head, Show(await Store.TrimAsync(Shard, token, At(2))));
        Assert.Equal(head, Show(await Store.CopyAsync(Shard, token, BeginCopy)));
        Assert.Equal(before, await Store.ShowAsync(Shard));

        await Store.CopyAsync(Shard, Epoch(5), BeginCopy);
        before = await Store.ShowAsync(Shard);
        await Store.CopyAsync(Shard, token, new CopyCommand.Add(TheCopy, [Record("eve", State(5, 1, "z"))]));
        await Store.CopyAsync(Shard, token, new CopyCommand.Finish(TheCopy, At(2), At(2), EpochTable.Empty));
        Assert.Equal(before, await Store.ShowAsync(Shard));
    }

    [Fact]
    public async Task Every_accepted_mutation_raises_the_promise()
    {
        await Store.FillAsync(Shard, epoch: 1, 1, 6);
        Assert.Equal(Epoch(2), (await Store.CheckpointAsync(Shard, Epoch(2), At(3), [])).Promised);
        Assert.Equal(Epoch(3), (await Store.TrimAsync(Shard, Epoch(3), At(2))).Promised);
        Assert.Equal(Epoch(4), (await Store.CutAsync(Shard, Epoch(4), At(5), foreignEpoch: 1)).Promised);
        Assert.Equal(Epoch(5), (await Store.CopyAsync(Shard, Epoch(5), BeginCopy)).Promised);
        Assert.Equal(AppendVerdict.Fenced, (await Store.AppendAsync(Shard, After(5, 1, Epoch(4), Row(1, 6)))).Verdict);
    }
}
