using OrleansGeo.Protocol.Ledgers;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Storage;
using OrleansGeo.Storage.Conformance;
using OrleansGeo.Tests.World.Azurite;
using static OrleansGeo.Storage.Conformance.StoreSamples;

namespace OrleansGeo.Tests.Storage.AzureTables;

/// <summary>An account that is busy, loses requests or answers, or is away for a while: what a call says is true.</summary>
[Collection(AzureTablesCollection.Name)]
public sealed class AzureTablesFaultTests(TestAzurite azurite)
{
    /// <summary>Once: the client repeats it. Eight times: its repetitions are used up, and the store finds out by itself.</summary>
    public static TheoryData<string, int> OnceAndPastTheClient()
    {
        var data = new TheoryData<string, int>();
        foreach (var fault in (AccountFault[])[AccountFault.Busy, AccountFault.RequestLost, AccountFault.AnswerLost, AccountFault.FailedAfterEffect])
        {
            data.Add(fault.ToString(), 3);
            data.Add(fault.ToString(), 0);
        }

        return data;
    }

    [AzuriteTheory]
    [MemberData(nameof(OnceAndPastTheClient))]
    public async Task A_fault_that_passes_is_not_noticed_and_nothing_happens_twice(string fault, int retries)
    {
        var table = new TestTable(azurite);
        var faults = new AccountFaults();
        await using var store = await table.OpenAsync(faults, retries);
        await store.FillAsync(Shard, epoch: 1, 1, 3);
        void Fail() => faults.Next(Enum.Parse<AccountFault>(fault));

        Fail();
        Assert.Equal(AppendVerdict.Stored, (await store.AppendAsync(Shard, After(3, 1, Epoch(1), Row(1, 4)))).Verdict);
        Fail();
        Assert.Equal(Epoch(2, East), (await store.PromiseAsync(Shard, Epoch(2, East))).Promised);
        Fail();
        Assert.Equal(At(3), (await store.CheckpointAsync(Shard, Epoch(2, East), At(3), [Record("ada", State(1, 3, "x"))])).Checkpoint);
        Fail();
        Assert.True((await store.TakeAsync("topology", Prepare(1))).Granted);
        Fail();
        Assert.True((await store.TakeAsync("topology", Accept(1, [7]))).Granted);
        Fail();
        Assert.Equal(At(3), (await store.CutAsync(Shard, Epoch(3), At(3), foreignEpoch: 1)).Last);
        Fail();
        await store.SuspectAsync(new(Shard, West, Epoch: 3, At(1)));
        Fail();
        await store.MarkAsync(new(7, At(1), LostWriteState.Discarded));

        Assert.Equal("westeurope@3 last 3 trimmed 0 checkpoint 3 epochs 1@1", Show(await store.ReadHeadAsync(Shard)));
        Assert.Equal([Show(Row(1, 1)), Show(Row(1, 2)), Show(Row(1, 3))], await store.ShowLogAsync(Shard));
        Assert.Equal([Show(Record("ada", State(1, 3, "x")))], await store.ShowRecordsAsync(Shard));
        Assert.Equal([$"q-07 {Show(Row(1, 4))}"], await store.ShowCutsAsync());
        Assert.Equal("granted promised 2.westeurope/7 accepted 1.westeurope/7 07", Show(await store.TakeAsync("topology", new OrleansGeo.Protocol.Registers.RegisterMessage.Read())));
        Assert.Single(await store.ReadSuspicionsAsync());
        Assert.Single(await store.ReadMarksAsync());
    }

    /// <summary>Rows that do not fit into one transaction are written ahead of it: it must not make them count when one of them is missing.</summary>
    [AzuriteFact]
    public async Task What_is_written_ahead_of_a_commit_and_refused_is_not_made_to_count()
    {
        var table = new TestTable(azurite);
        var faults = new AccountFaults();
        await using var store = await table.OpenAsync(faults, retries: 0);
        await store.FillAsync(Shard, epoch: 1, 1, 1);
        LogRow[] rows = [.. Enumerable.Range(2, 3).Select(static position => new LogRow(1, At(position), At(position), new byte[2_200_000]))];

        faults.Next(AccountFault.Conflict);
        await Assert.ThrowsAsync<RegionStoreException>(() => store.AppendAsync(Shard, After(1, 1, Epoch(1), rows)));
        Assert.Equal(At(1), (await store.ReadHeadAsync(Shard)).Last);
        Assert.Equal(AppendVerdict.Stored, (await store.AppendAsync(Shard, After(1, 1, Epoch(1), rows))).Verdict);

        StoredRecord[] records = [.. ((string[])["ada", "eve", "max"]).Select(static entity => new StoredRecord(entity, new([new("state", new(1, At(2)), new byte[2_200_000])])))];
        faults.Next(AccountFault.Conflict);
        await Assert.ThrowsAsync<RegionStoreException>(() => store.CheckpointAsync(Shard, Epoch(1), At(2), [.. records]));
        Assert.Equal(At(2), (await store.CheckpointAsync(Shard, Epoch(1), At(2), [.. records])).Checkpoint);

        await using var other = await table.OpenAsync();
        Assert.Equal(4, (await other.ReadLogAsync(Shard, At(1), int.MaxValue)).Length);
        Assert.Equal(3, (await other.ReadRecordsAsync(Shard, null, int.MaxValue)).Length);
    }

    [AzuriteFact]
    public async Task A_conflict_with_another_writer_is_decided_anew_on_what_is_there()
    {
        var table = new TestTable(azurite);
        var faults = new AccountFaults();
        await using var store = await table.OpenAsync(faults);
        await using var other = await table.OpenAsync();
        await store.FillAsync(Shard, epoch: 1, 1, 3);

        faults.BeforeNextWrite(() => other.FillAsync(Shard, epoch: 1, 4, 4));
        Assert.Equal(AppendVerdict.Diverged, (await store.AppendAsync(Shard, After(3, 1, Epoch(1), Other(Row(1, 4))))).Verdict);
        faults.BeforeNextWrite(() => other.FillAsync(Shard, epoch: 1, 5, 5));
        Assert.Equal(AppendVerdict.Stored, (await store.AppendAsync(Shard, After(4, 1, Epoch(1), Row(1, 5), Row(1, 6)))).Verdict);
        faults.BeforeNextWrite(() => other.PromiseAsync(Shard, Epoch(3, East)));
        Assert.Equal(Epoch(3, East), (await store.PromiseAsync(Shard, Epoch(2))).Promised);
        faults.BeforeNextWrite(() => other.TakeAsync("topology", Prepare(5, East)));
        Assert.False((await store.TakeAsync("topology", Prepare(4))).Granted);

        // The last, because a checkpoint tidies up behind it, and what that writes would be the next write, too.
        faults.BeforeNextWrite(() => other.CheckpointAsync(Shard, Epoch(3, East), At(2), [Record("ada", State(1, 2, "other"))]));
        Assert.Equal(At(4), (await store.CheckpointAsync(Shard, Epoch(3, East), At(4), [Record("ada", State(1, 4, "own"))])).Checkpoint);

        Assert.Equal([Show(Record("ada", State(1, 4, "own")))], await other.ShowRecordsAsync(Shard));
        Assert.Equal(6, (await store.ShowLogAsync(Shard)).Length);
    }

    [AzuriteFact]
    public async Task An_answer_that_was_lost_is_not_taken_for_another_writers_success()
    {
        var table = new TestTable(azurite);
        var faults = new AccountFaults();
        await using var store = await table.OpenAsync(faults, retries: 0);
        await using var other = await table.OpenAsync();
        await store.FillAsync(Shard, epoch: 1, 1, 1);

        // The request never arrives, and meanwhile another activation writes the same place.
        faults.BeforeNextWrite(async () => await other.AppendAsync(Shard, After(1, 1, Epoch(1), Other(Row(1, 2)))));
        faults.Next(AccountFault.RequestLost);
        Assert.Equal(AppendVerdict.Diverged, (await store.AppendAsync(Shard, After(1, 1, Epoch(1), Row(1, 2)))).Verdict);
        Assert.Equal([Show(Row(1, 1)), Show(Other(Row(1, 2)))], await store.ShowLogAsync(Shard));
    }

    [AzuriteFact]
    public async Task An_account_that_is_away_makes_calls_fail_and_is_used_again_when_it_is_back()
    {
        var table = new TestTable(azurite);
        var faults = new AccountFaults();
        await using var store = await table.OpenAsync(faults, retries: 1);
        await store.FillAsync(Shard, epoch: 1, 1, 2);
        await store.TakeAsync("topology", Prepare(1));
        foreach (var fault in (AccountFault[])[AccountFault.RequestLost, AccountFault.Busy])
        {
            faults.Down = fault;
            Task[] calls =
            [
                store.AppendAsync(Shard, After(2, 1, Epoch(1), Row(1, 3))),
                store.PromiseAsync(Shard, Epoch(1)),
                store.CheckpointAsync(Shard, Epoch(1), At(1), [Record("ada", State(1, 1, "x"))]),
                store.TakeAsync("topology", Prepare(2)),
                store.ReadHeadAsync(Shard),
                store.ReadLogAsync(Shard, At(1), 1),
                store.ReadRecordAsync(Shard, "ada"),
            ];
            foreach (var call in calls)
            {
                var failure = await Assert.ThrowsAsync<RegionStoreException>(() => call);
                Assert.Equal(RegionStoreFailure.Unavailable, failure.Failure);
                Assert.Contains(fault == AccountFault.Busy ? "throttled" : "cannot be reached", failure.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', failure.Message);
            }
        }

        faults.Down = null;
        await store.FillAsync(Shard, epoch: 1, 3, 4);
        Assert.Equal(At(1), (await store.CheckpointAsync(Shard, Epoch(1), At(1), [Record("ada", State(1, 1, "x"))])).Checkpoint);
        Assert.True((await store.TakeAsync("topology", Prepare(2))).Granted);
        Assert.Equal(4, (await store.ShowLogAsync(Shard)).Length);
    }

    [AzuriteFact]
    public async Task What_is_left_to_do_after_an_answer_is_done_by_the_next_call_if_it_failed()
    {
        var table = new TestTable(azurite);
        var faults = new AccountFaults();
        await using var store = await table.OpenAsync(faults, retries: 0);
        await store.FillAsync(Shard, epoch: 1, 1, 4);

        // The answer to the first write is lost; then nothing gets through, so the records stay unwritten.
        faults.EndAfter(1, answersLast: true);
        await store.CheckpointAsync(Shard, Epoch(1), At(2), [Record("ada", State(1, 2, "x")), Record("eve", State(1, 1, null))]);
        await using var other = await table.OpenAsync();
        Assert.Equal([Show(Record("ada", State(1, 2, "x"))), Show(Record("eve", State(1, 1, null)))], await other.ShowRecordsAsync(Shard));
        Assert.Empty(await table.RowsAsync("r-"));
        await other.CheckpointAsync(Shard, Epoch(1), At(3), [Record("ada", State(1, 3, "y"))]);
        await other.TrimAsync(Shard, Epoch(1), At(3));
        Assert.Equal([Show(Record("ada", State(1, 3, "y")))], await other.ShowRecordsAsync(Shard));
    }

    [AzuriteFact]
    public async Task An_identity_without_rights_is_told_which_role_it_needs()
    {
        var table = new TestTable(azurite);
        var faults = new AccountFaults { Down = AccountFault.Forbidden };
        await using var store = table.Create(faults);
        var failure = await Assert.ThrowsAsync<RegionStoreException>(() => store.OpenAsync(ThisWorld));
        Assert.Equal(RegionStoreFailure.Unavailable, failure.Failure);
        Assert.Contains("Storage Table Data Contributor", failure.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", failure.Message, StringComparison.Ordinal);

        faults.Down = null;
        await store.OpenAsync(ThisWorld);
        faults.Down = AccountFault.Forbidden;
        failure = await Assert.ThrowsAsync<RegionStoreException>(() => store.PromiseAsync(Shard, Epoch(1)));
        Assert.Contains("it is not allowed", failure.Message, StringComparison.Ordinal);
        faults.Down = null;
        Assert.Equal(Epoch(1), (await store.PromiseAsync(Shard, Epoch(1))).Promised);
    }
}
