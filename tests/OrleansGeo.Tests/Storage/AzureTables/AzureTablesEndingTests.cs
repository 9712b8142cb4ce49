using System.IO.Hashing;
using System.Runtime.InteropServices;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Storage;
using OrleansGeo.Storage.Conformance;
using OrleansGeo.Tests.World.Azurite;
using static OrleansGeo.Storage.Conformance.StoreSamples;

namespace OrleansGeo.Tests.Storage.AzureTables;

/// <summary>A process that ends after any of the requests of a call: whoever opens the store then finds what was before the call or what is after it, and goes on.</summary>
[Collection(AzureTablesCollection.Name)]
public sealed class AzureTablesEndingTests(TestAzurite azurite)
{
    private static readonly Dictionary<string, Func<IRegionStore, Task>> Calls = new()
    {
        // More rows than a transaction takes.
        ["append"] = store => store.AppendAsync(Shard, After(6, 1, Epoch(1), [.. Enumerable.Range(7, 220).Select(position => Row(1, position))])),

        // More states than a transaction takes.
        ["checkpoint"] = store => store.CheckpointAsync(
            Shard, Epoch(1), At(5), [.. Enumerable.Range(0, 120).Select(i => Record($"entity {i:000}", State(1, 5, "x"))), Record("always", State(1, 4, null))]),
        ["cut"] = store => store.CutAsync(Shard, Epoch(2), At(3), foreignEpoch: 1),
        ["trim"] = store => store.TrimAsync(Shard, Epoch(1), At(2)),
        ["copy"] = store => store.CopyAsync(Shard, Epoch(2), CopyFrom(trimmed: 9, last: 12, (1, 1), (2, 5))),
        ["register"] = store => store.TakeAsync("topology", Accept(1, [7])),
        ["suspicion"] = store => store.SuspectAsync(new(Shard, West, Epoch: 1, At(1))),
    };

    [AzuriteTheory]
    [InlineData("append", 4)]
    [InlineData("checkpoint", 4)]
    [InlineData("cut", 2)]
    [InlineData("trim", 2)]
    [InlineData("copy", 3)]
    [InlineData("register", 1)]
    [InlineData("suspicion", 1)]
    public async Task A_call_is_whole_or_not_there(string call, int writesAtLeast)
    {
        var after = "";
        for (var writes = 100; ; writes = writes == 100 ? 0 : writes + 1)
        {
            var isWhole = true;
            foreach (var answersLast in (bool[])[true, false])
            {
                var table = new TestTable(azurite);
                var faults = new AccountFaults();
                var ending = await FilledAsync(table, faults);
                var before = await ShowAllAsync(ending);
                var made = faults.Writes;
                faults.EndAfter(writes, answersLast);
                var failure = await Xunit.Record.ExceptionAsync(() => Calls[call](ending));
                await ending.DisposeAsync();
                isWhole &= faults.Writes - made < writes;

                await using var next = await table.OpenAsync();
                var found = await ShowAllAsync(next);
                after = after.Length == 0 ? found : after;
                Assert.NotEqual(before, after);
                Assert.True(
                    found == after || (found == before && failure is RegionStoreException { Failure: RegionStoreFailure.Unavailable }),
                    $"{call}, ended after {writes} writes ({failure?.Message}): {found}\n\nbefore: {before}\n\nafter: {after}");
                await Calls[call](next);
                Assert.Equal(after, await ShowAllAsync(next));
            }

            if (isWhole && writes < 100)
            {
                Assert.True(writes > writesAtLeast, $"{call} takes {writes - 1} writes: it was to end in the middle.");
                return;
            }
        }
    }

    [AzuriteFact]
    public async Task Nothing_stays_of_what_left_the_log_or_was_never_made()
    {
        var table = new TestTable(azurite);
        var faults = new AccountFaults();
        await using (var ending = await FilledAsync(table, faults))
        {
            // Dies when the changes are written and not published, and again when rows are trimmed and not deleted.
            faults.EndAfter(1, answersLast: true);
            // More bytes than a transaction takes, also packed.
            StoredRecord[] large = [.. Enumerable.Range(0, 5).Select(i => Record($"entity {i}", State(1, 5, new('x', 700_000))))];
            await Assert.ThrowsAsync<RegionStoreException>(() => ending.CheckpointAsync(Shard, Epoch(1), At(5), [.. large]));
        }

        faults = new();
        await using (var ending = await table.OpenAsync(faults, retries: 0))
        {
            faults.EndAfter(1, answersLast: true);
            await Calls["trim"](ending);
        }

        Assert.NotEmpty(await table.RowsAsync("p-"));
        Assert.Equal(6, (await table.RowsAsync("l-")).Count);
        await using (var next = await table.OpenAsync())
        {
            await next.CheckpointAsync(Shard, Epoch(1), At(4), [Record("eve", State(1, 4, "x"))]);
            await next.TrimAsync(Shard, Epoch(1), At(4));
            await next.CutAsync(Shard, Epoch(2), At(5), foreignEpoch: 1);
            await next.CheckpointAsync(Shard, Epoch(2), At(5), [Record("eve", State(1, 5, null))]);
            await next.TrimAsync(Shard, Epoch(2), At(5));
        }

        // The row that was cut is the ledger's.
        Assert.Single(await table.RowsAsync("l-"));
        Assert.Empty(await table.RowsAsync("p-"));
        Assert.Single(await table.RowsAsync("r-"));
        Assert.Empty(await table.RowsAsync("t-"));
        await using var last = await table.OpenAsync();
        Assert.Equal([$"q-07 {Show(Row(1, 6))}"], await last.ShowCutsAsync());
    }

    private static async Task<IRegionStore> FilledAsync(TestTable table, AccountFaults faults)
    {
        var store = await table.OpenAsync(faults, retries: 0);
        await store.FillAsync(Shard, epoch: 1, 1, 6);
        await store.CheckpointAsync(Shard, Epoch(1), At(2), [Record("always", State(1, 2, "old")), Record("cleared", State(1, 1, null))]);

        // What is left to do after an answer is not a part of the call that ends.
        await store.DisposeAsync();
        return await table.OpenAsync(faults, retries: 0);
    }

    /// <summary>Everything that can be read, long values as their hash.</summary>
    private static async Task<string> ShowAllAsync(IRegionStore store)
    {
        var register = await store.TakeAsync("topology", new RegisterMessage.Read());
        string[] parts =
        [
            .. (await store.ShowAsync(Shard)).Split('\n'), Show(register.State), .. (await store.ReadSuspicionsAsync()).Select(noted => $"{noted}"),
        ];
        return string.Join('\n', parts.Select(part => part.Length < 200 ? part : $"{part[..30]}… {XxHash3.HashToUInt64(MemoryMarshal.AsBytes(part.AsSpan())):x}"));
    }
}
