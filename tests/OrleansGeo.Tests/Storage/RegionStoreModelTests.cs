using System.Collections.Immutable;
using CsCheck;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Storage;
using OrleansGeo.Storage.Conformance;
using OrleansGeo.Storage.Memory;
using OrleansGeo.Storage.Sqlite;
using Xunit.Abstractions;
using static OrleansGeo.Storage.Conformance.StoreSamples;

namespace OrleansGeo.Tests.Storage;

/// <summary>Random histories on a store and on a naive model of it: everything that can be read is the same after every step.</summary>
/// <remarks>A failure prints its seed; <c>CsCheck_Seed=… dotnet test --filter RegionStoreModelTests</c> repeats it.</remarks>
public sealed class RegionStoreModelTests(ITestOutputHelper output)
{
    private static readonly ShardId Elsewhere = new("r-westeurope-1");

    [Fact]
    public Task Memory_does_what_the_model_does() => StoreOperation.Histories.SampleAsync(
        async history =>
        {
            var disk = new MemoryRegionDisk();
            await RunAsync(history, () => new MemoryRegionStore(disk));
        },
        output.WriteLine,
        iter: 2000);

    [Fact]
    public Task Sqlite_does_what_the_model_does() => StoreOperation.Histories.SampleAsync(
        async history =>
        {
            using var folder = new TempFolder();
            await RunAsync(history, () => new SqliteRegionStore(new() { Path = folder.File("model.db") }));
        },
        output.WriteLine,
        iter: 150);

    /// <summary>Runs a history on stores that are made one after the other on one content.</summary>
    internal static async Task RunAsync(StoreOperation[] history, Func<IRegionStore> create)
    {
        var model = new StoreModel();
        var elsewhere = 0L;
        var store = create();
        await store.OpenAsync(ThisWorld);
        foreach (var operation in history)
        {
            if (operation.What == StoreOperation.Kind.Reopen)
            {
                await store.DisposeAsync();
                store = create();
                await store.OpenAsync(ThisWorld);
            }
            else if (operation.What == StoreOperation.Kind.AppendElsewhere)
            {
                await store.FillAsync(Elsewhere, epoch: 1, elsewhere + 1, ++elsewhere);
            }
            else
            {
                await StepAsync(store, model, operation);
            }

            Assert.Equal(model.Show(), await store.ShowAsync(Shard));
            Assert.Equal(At(elsewhere), (await store.ReadHeadAsync(Elsewhere)).Last);
        }

        await store.DisposeAsync();
    }

    private static async Task StepAsync(IRegionStore store, StoreModel model, StoreOperation operation)
    {
        var token = new FencingToken(operation.East ? East : West, Math.Max(1, model.PromisedEpoch + operation.Epoch));
        switch (operation.What)
        {
            case StoreOperation.Kind.Append:
                var command = AppendOf(model, operation, token);
                var verdict = await ValidAsync(async () => (await store.AppendAsync(Shard, command)).Verdict.ToString()) ?? "invalid";
                Assert.Equal(model.Append(command), verdict);
                break;
            case StoreOperation.Kind.Promise:
                model.Promise(token);
                await store.PromiseAsync(Shard, token);
                break;
            case StoreOperation.Kind.Cut:
                var keepThrough = At(Math.Max(0, model.Last - operation.A + 1));
                var foreign = model.EpochAt(keepThrough.Value + 1) + (operation.C == 9 ? 1 : 0);
                var cut = model.Cut(token, keepThrough.Value, foreign);
                Assert.Equal(cut, await ValidAsync(async () => await store.CutAsync(Shard, token, keepThrough, foreign)) is not null);
                break;
            case StoreOperation.Kind.Checkpoint:
                var through = At(Math.Max(0, model.Last + 1 - operation.A));
                var records = RecordsOf(operation, Math.Max(1, through.Value - (operation.B % 4)));
                var moved = model.MoveCheckpoint(token, through.Value, records);
                Assert.Equal(moved, await ValidAsync(async () => await store.CheckpointAsync(Shard, token, through, records)) is not null);
                break;
            case StoreOperation.Kind.Trim:
                var trim = At(Math.Max(0, model.Checkpoint + 1 - operation.A));
                var trimmed = model.Trim(token, trim.Value);
                Assert.Equal(trimmed, await ValidAsync(async () => await store.TrimAsync(Shard, token, trim)) is not null);
                break;
            default:
                await CopyAsync(store, model, operation, token);
                break;
        }
    }

    private static async Task CopyAsync(IRegionStore store, StoreModel model, StoreOperation operation, FencingToken token)
    {
        CopyCommand command;
        if (operation.What == StoreOperation.Kind.BeginCopy)
        {
            var (epochs, trimmed) = HomeOf(model, operation);
            model.BeginCopy(token, epochs, trimmed);
            var starts = Enumerable.Range(1, epochs.Length).Where(i => i == 1 || epochs[i - 1] != epochs[i - 2]).Select(i => (epochs[i - 1], (long)i));
            command = CopyFrom(trimmed, epochs.Length, [.. starts]);
        }
        else if (operation.What == StoreOperation.Kind.AddToCopy)
        {
            var records = RecordsOf(operation, operation.A + 1);
            model.AddToCopy(token, records);
            command = new CopyCommand.Add(TheCopy, records);
        }
        else
        {
            var epochs = new EpochTable([new(1, At(1))]);
            epochs = operation.B > 0 ? epochs.Append(1 + token.Epoch, At(1 + operation.B)) : epochs;
            model.FinishCopy(token, operation.A, operation.A + operation.C, epochs);
            command = new CopyCommand.Finish(TheCopy, At(operation.A), At(operation.A + operation.C), epochs);
        }

        await store.CopyAsync(Shard, token, command);
    }

    /// <summary>Mostly the next rows of the log; sometimes after a gap, over what is there, or of an epoch that was not there.</summary>
    private static AppendCommand AppendOf(StoreModel model, StoreOperation operation, FencingToken token)
    {
        var previous = Math.Max(0, model.Last + operation.A switch { 0 => 1, 1 => -1, 2 => -3, 3 => -operation.B, _ => 0 });
        var known = model.EpochAt(previous);
        var previousEpoch = operation.B == 9 ? known + 1 : known;
        var rows = ImmutableArray.CreateBuilder<LogRow>();
        var (last, epoch) = (previous, previousEpoch);
        for (var i = 0; i < operation.C / 2; i++)
        {
            // What is there is usually sent as it is, sometimes in other rows, with other bytes or of another epoch; and what is new under the writer's epoch.
            var there = model.EpochAt(last + 1);
            epoch = Math.Max(epoch, Math.Min(token.Epoch, there > 0 && operation.B != 8 ? there : token.Epoch));
            var row = Row(epoch, last + 1, last + 1 + (operation.B % 3));
            row = model.RowFrom(last + 1) is { } stored && operation.B is > 2 and < 8 ? stored : row;
            rows.Add(operation.B == 7 && i == 1 ? Other(row) : row);
            (epoch, last) = (row.Epoch, row.Last.Value);
        }

        return new(token, At(previous), previousEpoch, [.. rows.Where(row => row.Epoch <= token.Epoch)]);
    }

    /// <summary>A home that has the log up to some entry as it is here, went on in an epoch of its own, and trimmed some of it.</summary>
    private static (long[] Epochs, long Trimmed) HomeOf(StoreModel model, StoreOperation operation)
    {
        var common = (int)Math.Max(0, model.Last - (operation.A / 2));
        long[] epochs =
        [
            .. Enumerable.Range(1, common).Select(position => model.EpochAt(position)),
            .. Enumerable.Repeat(model.LastEpoch + model.PromisedEpoch + 1, operation.B),
        ];
        return (epochs, Math.Clamp(operation.C < 5 ? epochs.Length : common - 5 + operation.C, 0, epochs.Length));
    }

    /// <summary>Few entities and states of few versions, so that they meet: newer ones, older ones, and two epochs at one position.</summary>
    private static ImmutableArray<StoredRecord> RecordsOf(StoreOperation operation, long position) =>
    [
        Record($"entity {operation.B}", State(1, position, operation.C < 4 ? null : $"value {operation.C}")),
        Record("always", State(1 + (operation.A % 2), position, operation.B < 4 ? null : $"{operation.A}", $"state {operation.C % 3}")),
    ];

    /// <returns>Null when the store says that the call is wrong.</returns>
    private static async Task<object?> ValidAsync(Func<Task<object>> call)
    {
        try
        {
            return await call();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
