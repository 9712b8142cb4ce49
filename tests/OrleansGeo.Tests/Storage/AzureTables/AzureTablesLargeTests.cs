using OrleansGeo.Protocol.Logs;
using OrleansGeo.Storage;
using OrleansGeo.Storage.Conformance;
using OrleansGeo.Tests.World.Azurite;
using static OrleansGeo.Storage.Conformance.StoreSamples;

namespace OrleansGeo.Tests.Storage.AzureTables;

/// <summary>What is larger than a property, a row, or a transaction.</summary>
[Collection(AzureTablesCollection.Name)]
public sealed class AzureTablesLargeTests(TestAzurite azurite)
{
    private readonly TestTable _table = new(azurite);

    [AzuriteFact]
    public async Task Rows_and_states_of_every_size_come_back()
    {
        await using var store = await _table.OpenAsync();
        LogRow[] rows = [.. ((int[])[0, 60 * 1024, (60 * 1024) + 1, 720 * 1024, (720 * 1024) + 1, 2_200_000, 3_500_000]).Select((size, i) => new LogRow(1, At(i + 1), At(i + 1), Bytes(size)))];
        foreach (var row in rows)
        {
            var previous = row.First.Previous;
            Assert.Equal(AppendVerdict.Stored, (await store.AppendAsync(Shard, new(Epoch(1), previous, previous == At(0) ? 0 : 1, [row]))).Verdict);
        }

        // Those that a store has already are compared, also the large ones.
        Assert.Equal(AppendVerdict.Stored, (await store.AppendAsync(Shard, new(Epoch(1), At(3), 1, [.. rows[3..]]))).Verdict);
        Assert.Equal(AppendVerdict.Diverged, (await store.AppendAsync(Shard, new(Epoch(1), At(6), 1, [rows[6] with { Bytes = rows[5].Bytes }]))).Verdict);
        var read = await store.ReadLogAsync(Shard, At(1), int.MaxValue);
        Assert.Equal(rows.Length, read.Length);
        Assert.All(rows.Zip(read), pair => Assert.True(pair.First.Bytes.Span.SequenceEqual(pair.Second.Bytes.Span)));

        var state = new StateRecord("state", new(1, At(1)), Bytes(3_500_000));
        await store.CheckpointAsync(Shard, Epoch(1), At(1), [new("ada", new([state]))]);
        await using var other = await _table.OpenAsync();
        Assert.Equal(Show(state), Show((await other.ReadRecordAsync(Shard, "ada")).States[0]));

        // Smaller again: rows of the larger version that stay tell nothing.
        await store.CheckpointAsync(Shard, Epoch(1), At(2), [Record("ada", State(1, 2, "small"))]);
        await store.CheckpointAsync(Shard, Epoch(1), At(3), []);
        Assert.Equal([Show(Record("ada", State(1, 2, "small")))], await other.ShowRecordsAsync(Shard));
        Assert.Equal(At(4), (await store.CutAsync(Shard, Epoch(2), At(4), foreignEpoch: 1)).Last);
        Assert.Equal(3_500_000, (await store.ReadCutRowsAsync())[2].Row.Bytes.Length);
    }

    [AzuriteFact]
    public async Task A_register_past_a_row_is_refused_and_stays_as_it_is()
    {
        await using var store = await _table.OpenAsync();
        Assert.True((await store.TakeAsync("topology", Accept(1, Bytes(700 * 1024)))).Granted);
        var failure = await Assert.ThrowsAsync<RegionStoreException>(() => store.TakeAsync("topology", Accept(2, Bytes(1024 * 1024))));
        Assert.Equal(RegionStoreFailure.TooLarge, failure.Failure);
        Assert.Contains("1048576 bytes", failure.Message, StringComparison.Ordinal);
        Assert.True((await store.TakeAsync("topology", Accept(2, [1]))).Granted);
    }

    [AzuriteFact]
    public async Task Entities_with_long_keys_are_listed_in_order_page_by_page()
    {
        await using var store = await _table.OpenAsync();
        var long300 = new string('k', 300);
        string[] keys = ["a", new('k', 255), new('k', 256), new('k', 257), long300, long300 + "/1", long300 + "/2", long300 + "1", new string('k', 256) + "~", "kl"];
        await store.FillAsync(Shard, epoch: 1, 1, 1);
        await store.CheckpointAsync(Shard, Epoch(1), At(1), [.. keys.Select(key => Record(key, State(1, 1, "x"), State(1, 1, "y", new string('s', 100))))]);
        await store.DisposeAsync();
        await using var again = await _table.OpenAsync();
        var paged = new List<string>();
        for (string? after = null; await again.ReadRecordsAsync(Shard, after, maxBytes: 1) is { Length: > 0 } page; after = page[^1].Entity)
        {
            paged.Add(Assert.Single(page).Entity);
        }

        Assert.Equal(keys.Order(StringComparer.Ordinal), paged);
        foreach (var key in keys)
        {
            Assert.Equal(2, (await again.ReadRecordAsync(Shard, key)).States.Length);
        }
    }

    [AzuriteFact]
    public async Task Appends_that_wait_share_a_transaction()
    {
        var faults = new AccountFaults();
        await using var store = await _table.OpenAsync(faults);
        await store.FillAsync(Shard, epoch: 1, 1, 1);
        var made = faults.Writes;
        await Task.WhenAll(Enumerable.Range(2, 190).Select(position => store.AppendAsync(Shard, After(position - 1, 1, Epoch(1), Row(1, position)))));
        Assert.InRange(faults.Writes - made, 1, 4);
        Assert.Equal(191, (await store.ReadLogAsync(Shard, At(1), int.MaxValue)).Length);
    }

    private static byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }
}
