using System.Collections.Immutable;
using System.Text;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Storage.Conformance;

/// <summary>Short ways to say what the tests of a store store, and to compare it by value.</summary>
internal static class StoreSamples
{
    public static readonly RegionId West = new("westeurope");
    public static readonly RegionId East = new("eastus2");
    public static readonly ShardId Shard = new("q-07");
    public static readonly Guid TheCopy = new("7f0c8d3e-2b61-4a53-9d0a-5c1e8f6b9a21");
    public static readonly StoreWorld ThisWorld = new(West, "shop", 64, 8);

    /// <summary>Lets a copy begin wherever a test's log stands: the home trimmed far beyond it, and wrote epoch 1 throughout.</summary>
    public static CopyCommand.Begin BeginCopy => CopyFrom(trimmed: 1000, last: 1000, (1, 1));

    /// <summary>Begins a copy from a home whose epochs start at these positions.</summary>
    public static CopyCommand.Begin CopyFrom(long trimmed, long last, params ReadOnlySpan<(long Epoch, long Start)> epochs)
    {
        var starts = ImmutableArray.CreateBuilder<EpochStart>();
        foreach (var (epoch, start) in epochs)
        {
            starts.Add(new(epoch, At(start)));
        }

        return new(TheCopy, new(At(trimmed), At(last), new(starts.ToImmutable())));
    }

    public static FencingToken Epoch(long epoch, RegionId? region = null) => new(region ?? West, epoch);

    public static LogPosition At(long position) => new(position);

    /// <summary>A row whose bytes tell epoch and positions, so that no row can pass for another.</summary>
    public static LogRow Row(long epoch, long first, long? last = null) =>
        new(epoch, At(first), At(last ?? first), Encoding.UTF8.GetBytes($"row {epoch}:{first}-{last ?? first}"));

    /// <summary>What another activation with the same token may have written at the row's place.</summary>
    public static LogRow Other(LogRow row) => row with { Bytes = Encoding.UTF8.GetBytes("other") };

    public static AppendCommand After(long previous, long previousEpoch, FencingToken token, params ReadOnlySpan<LogRow> rows) =>
        new(token, At(previous), previousEpoch, [.. rows]);

    public static StateRecord State(long epoch, long position, string? value, string name = "state") =>
        new(name, new(epoch, At(position)), value is null ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(value));

    public static StoredRecord Record(string entity, params ReadOnlySpan<StateRecord> states) => new(entity, new([.. states]));

    public static RegisterMessage Prepare(long counter, RegionId? region = null, long boot = 7) =>
        new RegisterMessage.Prepare(new(counter, region ?? West, boot));

    /// <summary>An accept whose next ballot is the same proposer's with the next counter.</summary>
    public static RegisterMessage Accept(long counter, byte[] value, RegionId? region = null, long boot = 7) =>
        new RegisterMessage.Accept(new(counter, region ?? West, boot), value, new(counter + 1, region ?? West, boot));

    public static string Show(RegisterTaken taken) =>
        $"{(taken.Granted ? "granted" : "refused")} {Show(taken.State)}";

    public static string Show(AcceptorState state) =>
        $"promised {Show(state.Promised)} accepted {Show(state.Accepted)} {Convert.ToHexString(state.Value.Span)}";

    /// <summary>With the boot, which is not for people.</summary>
    public static string Show(Ballot ballot) => ballot == Ballot.None ? "none" : $"{ballot}/{ballot.Boot}";

    public static string Show(LogRow row) => $"{row.Epoch}:{row.First}-{row.Last} {Convert.ToHexString(row.Bytes.Span)}";

    public static string Show(StateRecord state) =>
        $"{state.Name}@{state.Version}={(state.Bytes is { } bytes ? Convert.ToHexString(bytes.Span) : "cleared")}";

    public static string Show(EntityRecord record) =>
        string.Join(' ', record.States.OrderBy(state => state.Name, StringComparer.Ordinal).Select(Show));

    public static string Show(StoredRecord record) => $"{record.Entity}: {Show(record.Record)}";

    public static string Show(ShardHead head) =>
        $"{head.Promised} last {head.Last} trimmed {head.Trimmed} checkpoint {head.Checkpoint}{(head.Copying ? " copying" : "")} epochs "
        + string.Join(' ', head.Epochs.Starts.Select(start => $"{start.Epoch}@{start.Start}"));

    public static async Task<string[]> ShowLogAsync(this IRegionStore store, ShardId shard) =>
        [.. (await store.ReadLogAsync(shard, At(1), int.MaxValue)).Select(Show)];

    public static async Task<string[]> ShowRecordsAsync(this IRegionStore store, ShardId shard) =>
        [.. (await store.ReadRecordsAsync(shard, null, int.MaxValue)).Select(Show)];

    public static async Task<string[]> ShowCutsAsync(this IRegionStore store) =>
        [.. (await store.ReadCutRowsAsync()).Select(cut => $"{cut.Shard} {Show(cut.Row)}")];

    /// <summary>Everything that can be read of a shard.</summary>
    public static async Task<string> ShowAsync(this IRegionStore store, ShardId shard) => string.Join(
        '\n',
        [
            Show(await store.ReadHeadAsync(shard)),
            .. await store.ShowLogAsync(shard),
            .. await store.ShowRecordsAsync(shard),
            .. await store.ShowCutsAsync(),
        ]);

    /// <summary>Appends rows of one epoch, one entry each, and expects them stored.</summary>
    public static async Task FillAsync(this IRegionStore store, ShardId shard, long epoch, long first, long last, RegionId? region = null)
    {
        var head = await store.ReadHeadAsync(shard);
        LogRow[] rows = [.. Enumerable.Range((int)first, (int)(last - first + 1)).Select(position => Row(epoch, position))];
        var result = await store.AppendAsync(shard, After(first - 1, head.Epochs.EpochAt(At(first - 1)), Epoch(epoch, region), rows));
        Assert.Equal(AppendVerdict.Stored, result.Verdict);
        Assert.Equal(At(last), result.Head.Last);
    }
}
