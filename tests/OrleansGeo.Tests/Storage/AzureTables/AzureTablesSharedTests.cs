using OrleansGeo.Protocol.Logs;
using OrleansGeo.Storage;
using OrleansGeo.Storage.AzureTables.Stores;
using OrleansGeo.Storage.Conformance;
using OrleansGeo.Tests.World.Azurite;
using static OrleansGeo.Storage.Conformance.StoreSamples;

namespace OrleansGeo.Tests.Storage.AzureTables;

/// <summary>Several stores of one region, as its silos have them, on one table.</summary>
[Collection(AzureTablesCollection.Name)]
public sealed class AzureTablesSharedTests(TestAzurite azurite) : IAsyncLifetime
{
    private readonly TestTable _table = new(azurite);
    private AzureTablesRegionStore _one = null!;
    private AzureTablesRegionStore _two = null!;

    public async Task InitializeAsync()
    {
        _one = await _table.OpenAsync();
        _two = await _table.OpenAsync();
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [AzuriteFact]
    public async Task Racing_appends_of_two_activations_have_one_winner_at_every_position()
    {
        // Both write their own bytes under one token at the same place, as two activations of one home would.
        const int Rounds = 12;
        for (var position = 1; position <= Rounds; position++)
        {
            var (previous, epoch) = (position - 1, position == 1 ? 0 : 1);
            var results = await Task.WhenAll(
                Task.Run(() => _one.AppendAsync(Shard, After(previous, epoch, Epoch(1), Row(1, position)))),
                Task.Run(() => _two.AppendAsync(Shard, After(previous, epoch, Epoch(1), Other(Row(1, position))))));
            Assert.Single(results, result => result.Verdict == AppendVerdict.Stored);
            Assert.Single(results, result => result.Verdict == AppendVerdict.Diverged);
            var stored = Show(Assert.Single(await _one.ReadLogAsync(Shard, At(position), 0)));
            Assert.Equal(Show(results[0].Verdict == AppendVerdict.Stored ? Row(1, position) : Other(Row(1, position))), stored);
        }

        Assert.Equal(await _one.ShowAsync(Shard), await _two.ShowAsync(Shard));
    }

    [AzuriteFact]
    public async Task A_promise_made_through_one_store_fences_the_other_which_remembers_an_older_head()
    {
        await _one.FillAsync(Shard, epoch: 1, 1, 3);
        var promised = await _two.PromiseAsync(Shard, Epoch(2, East));
        Assert.Equal(At(3), promised.Last);
        Assert.Equal(AppendVerdict.Fenced, (await _one.AppendAsync(Shard, After(3, 1, Epoch(1), Row(1, 4)))).Verdict);
        Assert.Equal(Show(promised), Show(await _one.ReadHeadAsync(Shard)));
    }

    [AzuriteFact]
    public async Task A_refusal_never_rests_on_what_a_store_remembers()
    {
        await _one.FillAsync(Shard, epoch: 1, 1, 2);
        await _two.FillAsync(Shard, epoch: 1, 3, 4);

        // By the head that the first one remembers there is a gap, a checkpoint past the end, and a copy that is not under way.
        Assert.Equal(AppendVerdict.Stored, (await _one.AppendAsync(Shard, After(4, 1, Epoch(1), Row(1, 5)))).Verdict);
        await _two.FillAsync(Shard, epoch: 1, 6, 6);
        Assert.Equal(At(6), (await _one.CheckpointAsync(Shard, Epoch(1), At(6), [])).Checkpoint);
        await _two.CopyAsync(Shard, Epoch(1), CopyFrom(trimmed: 1000, last: 1000, (1, 1)));
        Assert.False((await _one.CopyAsync(Shard, Epoch(1), new CopyCommand.Finish(TheCopy, At(9), At(9), new([new(1, At(1))])))).Copying);
    }

    [AzuriteFact]
    public async Task Registers_have_one_acceptor_behind_two_stores()
    {
        for (var counter = 1; counter <= 20; counter++)
        {
            var taken = await Task.WhenAll(
                Task.Run(() => _one.TakeAsync("topology", Prepare(counter, West))),
                Task.Run(() => _two.TakeAsync("topology", Prepare(counter, West))));
            Assert.Single(taken, answer => answer.Granted);
        }
    }

    [AzuriteFact]
    public async Task A_reader_sees_all_of_a_checkpoint_or_nothing()
    {
        const int Entities = 150;
        const int Checkpoints = 6;
        await _one.FillAsync(Shard, epoch: 1, 1, Checkpoints);
        var ended = false;
        var seen = new HashSet<string>();
        var reading = Task.Run(async () =>
        {
            while (!Volatile.Read(ref ended))
            {
                var page = await _two.ReadRecordsAsync(Shard, null, int.MaxValue);
                var values = page.Select(record => Show(record.Record)).ToHashSet();
                Assert.True(values.Count <= 1, $"{values.Count} checkpoints at once: {string.Join(", ", values.Take(3))}");
                Assert.True(page.Length is 0 or Entities, $"{page.Length} entities");
                seen.UnionWith(values);
            }
        });

        for (var position = 1; position <= Checkpoints; position++)
        {
            await _one.CheckpointAsync(
                Shard, Epoch(1), At(position), [.. Enumerable.Range(0, Entities).Select(i => Record($"entity {i:000}", State(1, position, $"{position}")))]);
        }

        Volatile.Write(ref ended, true);
        await reading;
        Assert.True(seen.Count > 1, "The reader saw one state only: it tells nothing.");
    }

    [AzuriteFact]
    public async Task Two_stores_checkpoint_one_shard_in_turn()
    {
        await _one.FillAsync(Shard, epoch: 1, 1, 10);
        for (var position = 1; position <= 10; position++)
        {
            var store = position % 2 == 0 ? _one : _two;
            Assert.Equal(At(position), (await store.CheckpointAsync(Shard, Epoch(1), At(position), [Record($"{position % 3}", State(1, position, $"{position}"))])).Checkpoint);
        }

        Assert.Equal(
            [Show(Record("0", State(1, 9, "9"))), Show(Record("1", State(1, 10, "10"))), Show(Record("2", State(1, 8, "8")))],
            await _one.ShowRecordsAsync(Shard));
        Assert.Equal(await _one.ShowAsync(Shard), await _two.ShowAsync(Shard));
    }

    [AzuriteFact]
    public async Task Every_opening_has_a_number_of_its_own()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _table.OpenAsync())));
        Assert.Equal(Enumerable.Range(3, 8), stores.Select(store => (int)store.Life.Opened).Order());
        Assert.Single(stores.Select(store => store.Life.Store).Distinct());
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }
}
