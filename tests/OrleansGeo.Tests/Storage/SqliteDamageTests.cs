using OrleansGeo.Protocol.Ledgers;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Storage;
using OrleansGeo.Storage.Conformance;
using OrleansGeo.Storage.Sqlite;
using static OrleansGeo.Storage.Conformance.StoreSamples;
using static OrleansGeo.Tests.Storage.SqliteOpeningTests;

namespace OrleansGeo.Tests.Storage;

/// <summary>Damage on the disk is a typed error that says where; it is never an answer.</summary>
public sealed class SqliteDamageTests : IDisposable
{
    private static readonly ShardId Other = new("r-03");

    private readonly TempFolder _folder = new();

    private string Path => _folder.File("westeurope.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_flipped_bit_in_a_row_is_told_when_it_is_read()
    {
        await FillAndCloseAsync();
        await FlipAsync(Row(1, 50).Bytes.Span.ToArray());
        await using var store = await OpenAsync(Path);
        var failure = await Assert.ThrowsAsync<RegionStoreException>(() => store.ReadLogAsync(Shard, At(1), int.MaxValue));
        Expect(failure, Path, "position 50", "shard q-07");

        // The reader is usable afterwards, and what is not damaged is readable.
        Assert.Equal(49, (await store.ReadLogAsync(Shard, At(1), Enumerable.Range(1, 48).Sum(i => Row(1, i).Bytes.Length))).Length);
        Assert.Equal(100, (await store.ReadLogAsync(Other, At(1), int.MaxValue)).Length);
        await store.FillAsync(Shard, epoch: 1, 101, 101);
    }

    [Fact]
    public async Task A_flipped_bit_in_the_last_row_is_told_when_the_store_is_opened()
    {
        await FillAndCloseAsync();
        await FlipAsync(Row(1, 100).Bytes.Span.ToArray());
        await ExpectAsync(Path, RegionStoreFailure.Corrupt, Path, "position 100", "copies its shards");
    }

    [Fact]
    public async Task A_flipped_bit_in_a_record_is_told_when_it_is_read()
    {
        await FillAndCloseAsync();
        await FlipAsync("value of ada"u8.ToArray());
        await using var store = await OpenAsync(Path);
        Expect(await Assert.ThrowsAsync<RegionStoreException>(() => store.ReadRecordAsync(Shard, "ada")), "'ada'", "shard q-07");
        Expect(await Assert.ThrowsAsync<RegionStoreException>(() => store.ReadRecordsAsync(Shard, null, 1000)), "'ada'");
        Assert.Single((await store.ReadRecordAsync(Shard, "eve")).States);
    }

    [Fact]
    public async Task A_cut_row_is_checked_too()
    {
        await using (var store = await OpenAsync(Path))
        {
            await store.FillAsync(Shard, epoch: 1, 1, 3);
            await store.CutAsync(Shard, Epoch(2), At(2), foreignEpoch: 1);
            await store.FillAsync(Shard, epoch: 2, 3, 3);
        }

        await FlipAsync(Row(1, 3).Bytes.Span.ToArray());
        await using var damaged = await OpenAsync(Path);
        Expect(await Assert.ThrowsAsync<RegionStoreException>(() => damaged.ReadCutRowsAsync()), "position 3", "shard q-07");
    }

    [Fact]
    public async Task A_flipped_bit_in_a_head_is_told_when_the_store_is_opened()
    {
        await FillAndCloseAsync();
        await FlipAsync("eastus2"u8.ToArray());
        await ExpectAsync(Path, RegionStoreFailure.Corrupt, "the head of shard r-03");
    }

    [Theory]
    [InlineData("what it holds", "the register topology")]
    [InlineData("japaneast", "the register topology")]
    [InlineData("topology", "the register topo")]
    public async Task A_flipped_bit_in_a_register_is_told_when_the_store_is_opened(string where, string what)
    {
        await using (var store = await OpenAsync(Path))
        {
            await store.TakeAsync("topology", Accept(1, "what it holds"u8.ToArray(), new("japaneast")));
        }

        await FlipAsync(System.Text.Encoding.ASCII.GetBytes(where));
        await ExpectAsync(Path, RegionStoreFailure.Corrupt, what, "fails its checksum", "move the file");
    }

    [Fact]
    public async Task A_register_that_is_damaged_while_the_store_is_open_neither_answers_nor_fails_another()
    {
        await using var store = await OpenAsync(Path);
        await store.TakeAsync("topology", Prepare(5));
        Change("UPDATE registers SET promised = 4 WHERE name = CAST('topology' AS BLOB)");
        var good = Enumerable.Range(1, 20).Select(counter => store.TakeAsync("lease-westeurope", Accept(counter, [1]))).ToArray();
        var bad = store.TakeAsync("topology", Prepare(9));
        var after = store.TakeAsync("lease-westeurope", Accept(21, [2]));
        Expect(await Assert.ThrowsAsync<RegionStoreException>(() => bad), "the register topology");
        Assert.All(await Task.WhenAll(good), taken => Assert.True(taken.Granted));
        Assert.True((await after).Granted);
        Expect(await Assert.ThrowsAsync<RegionStoreException>(() => store.TakeAsync("topology", new RegisterMessage.Read())), "the register topology");
        Assert.Equal([2], (await store.TakeAsync("lease-westeurope", new RegisterMessage.Read())).State.Value.ToArray());
    }

    [Theory]
    [InlineData("UPDATE marks SET state = 1", "the ledger's mark of position 2 in cut row 1")]
    [InlineData("UPDATE suspicions SET position = position + 1", "a suspicion of shard q-07")]
    public async Task A_damaged_mark_or_suspicion_is_told_when_it_is_read(string damage, string what)
    {
        await using var store = await OpenAsync(Path);
        await store.MarkAsync(new(1, At(2), LostWriteState.Discarded));
        await store.SuspectAsync(new(Shard, East, Epoch: 1, At(2)));
        Change(damage);
        var failure = await Assert.ThrowsAsync<RegionStoreException>(async () =>
        {
            await store.ReadMarksAsync();
            await store.ReadSuspicionsAsync();
        });
        Expect(failure, what);
    }

    [Theory]
    [InlineData("UPDATE meta SET value = 'x' WHERE name = 'opened'")]
    [InlineData("DELETE FROM meta WHERE name = 'store'")]
    public async Task A_store_whose_life_is_unreadable_does_not_start_a_new_one(string damage)
    {
        await FillAndCloseAsync();
        Change(damage);
        await ExpectAsync(Path, RegionStoreFailure.Corrupt, "the count of its openings");
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public async Task A_file_that_was_truncated_is_told_when_it_is_opened(double keep)
    {
        await FillAndCloseAsync();
        await using (var file = File.OpenWrite(Path))
        {
            file.SetLength((long)(file.Length * keep) / 4096 * 4096);
        }

        await ExpectAsync(Path, RegionStoreFailure.Corrupt, Path, "move the file");
    }

    [Fact]
    public async Task A_file_that_lost_all_its_content_does_not_open_as_new()
    {
        await FillAndCloseAsync();
        await File.WriteAllBytesAsync(Path, []);
        await ExpectAsync(Path, RegionStoreFailure.Corrupt, Path, "0 bytes", Path + ".lock", "move the file");
        Assert.Equal(0, new FileInfo(Path).Length);

        // What the message says to do leads to a store that is empty on purpose.
        File.Delete(Path);
        await using var store = await OpenAsync(Path);
        Assert.Empty(await store.ListShardsAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_ahead_log_without_its_file_is_told_and_left_as_it_is(bool fileExists)
    {
        await FillAndCloseAsync();
        byte[] log;
        await using (var store = await OpenAsync(Path))
        {
            await store.FillAsync(Shard, epoch: 1, 101, 110);

            // Copied while it is open: the close merges it.
            await using var stream = new FileStream(Path + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            log = new byte[stream.Length];
            await stream.ReadExactlyAsync(log);
        }

        Assert.NotEmpty(log);
        await File.WriteAllBytesAsync(Path + "-wal", log);
        File.Delete(Path);
        File.Delete(Path + ".lock");
        if (fileExists)
        {
            await File.WriteAllBytesAsync(Path, []);
        }

        await ExpectAsync(Path, RegionStoreFailure.Corrupt, Path + "-wal", "move the file (with its -wal");
        Assert.Equal(log, await File.ReadAllBytesAsync(Path + "-wal"));
    }

    [Fact]
    public async Task A_repeated_append_over_a_damaged_row_is_told_as_damage()
    {
        await FillAndCloseAsync();
        await FlipAsync(Row(1, 50).Bytes.Span.ToArray());
        await using var store = await OpenAsync(Path);
        Expect(
            await Assert.ThrowsAsync<RegionStoreException>(() => store.AppendAsync(Shard, After(49, 1, Epoch(1), Row(1, 50)))),
            "position 50",
            "shard q-07");
        await store.FillAsync(Shard, epoch: 1, 101, 101);
    }

    [Fact]
    public async Task Garbage_at_the_start_of_the_file_is_told_when_it_is_opened()
    {
        await FillAndCloseAsync();
        await using (var file = File.OpenWrite(Path))
        {
            await file.WriteAsync(new byte[200].Select((_, i) => (byte)(i * 7)).ToArray());
        }

        await ExpectAsync(Path, RegionStoreFailure.Corrupt, Path);
    }

    [Fact]
    public async Task Rows_that_do_not_match_their_head_are_told_when_the_store_is_opened()
    {
        await FillAndCloseAsync();
        Change("DELETE FROM log WHERE first = 100 AND shard = (SELECT id FROM shards WHERE name = 'q-07')");
        await ExpectAsync(Path, RegionStoreFailure.Corrupt, "shard q-07 has the positions 1-99", "1-100");
    }

    [Fact]
    public async Task Damage_in_one_shard_does_not_fail_mutations_of_another()
    {
        await FillAndCloseAsync();
        await using var store = await OpenAsync(Path);

        // A head that is damaged while the store is open is met by the first mutation that needs it.
        Change("UPDATE shards SET last = last + 1 WHERE name = 'r-03'");
        var good = Enumerable.Range(101, 50).Select(i => store.AppendAsync(Shard, After(i - 1, 1, Epoch(1), Row(1, i)))).ToArray();
        var bad = store.PromiseAsync(Other, Epoch(9));
        var after = store.AppendAsync(Shard, After(150, 1, Epoch(1), Row(1, 151)));
        Expect(await Assert.ThrowsAsync<RegionStoreException>(() => bad), "the head of shard r-03");
        Assert.All(await Task.WhenAll(good), result => Assert.Equal(AppendVerdict.Stored, result.Verdict));
        Assert.Equal(At(151), (await after).Head.Last);
    }

    private static void Expect(RegionStoreException failure, params string[] words)
    {
        Assert.Equal(RegionStoreFailure.Corrupt, failure.Failure);
        Assert.DoesNotContain('\n', failure.Message);
        Assert.All(words, word => Assert.Contains(word, failure.Message, StringComparison.Ordinal));
    }

    /// <summary>Damages one row behind the store's back.</summary>
    private void Change(string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.Equal(1, command.ExecuteNonQuery());
    }

    private async Task FillAndCloseAsync()
    {
        await using var store = await OpenAsync(Path);
        await store.FillAsync(Shard, epoch: 1, 1, 100);
        await store.FillAsync(Other, epoch: 2, 1, 100, East);
        await store.CheckpointAsync(
            Shard, Epoch(1), At(10), [Record("ada", State(1, 9, "value of ada")), Record("eve", State(1, 10, "value of eve"))]);
    }

    /// <summary>Flips one bit of these bytes wherever the file has them: a page that was split keeps a stale copy.</summary>
    private async Task FlipAsync(byte[] bytes)
    {
        var content = await File.ReadAllBytesAsync(Path);
        var flipped = 0;
        for (int at; (at = content.AsSpan().IndexOf(bytes)) >= 0; flipped++)
        {
            content[at + (bytes.Length / 2)] ^= 1;
        }

        Assert.True(flipped > 0, "The bytes to damage are not in the file.");
        await File.WriteAllBytesAsync(Path, content);
    }
}
