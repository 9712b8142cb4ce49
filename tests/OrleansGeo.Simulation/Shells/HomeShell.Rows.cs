using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Simulation.Clients;

namespace OrleansGeo.Simulation.Shells;

/// <summary>What is different of a row shard: it needs no lease, and goes nowhere.</summary>
internal sealed partial class HomeShell
{
    public override ShardRecords? Readable => WouldServe ? Log!.Records : null;

    public override EpochTable Epochs => Log?.Head.Epochs ?? EpochTable.Empty;

    public override RecordVersion ShownVersion => Log is { } log ? new(Epochs.EpochAt(log.Acknowledged), log.Acknowledged) : RecordVersion.None;

    public override void LetGo(LiveRecord live) => Log!.Records.Release(live, Log.Head.Checkpoint);

    private bool IsRow => Family == ShardFamily.Row;

    /// <summary>The output gate of a multi-writer entity, whose type says whether a majority must have what leaves.</summary>
    public void WhenAcknowledged(LogPosition position, bool forMajority, LogEntry? entry, Action<SimAnswer> reply)
    {
        _waiting.Enqueue(new(position, answer => reply(answer.Answer), entry, forMajority));
        Release();
    }

    public void StagedRow() => Go();

    /// <summary>What it wrote is with others: a new epoch, under which its log is made whole.</summary>
    private void RenewRow() => Store("promise the next epoch", writes: true, () => Region.Store.Promise(Shard, token with { Epoch = token.Epoch + 1 }), _ => Reactivate("its store went back"), () => After(5_000, RenewRow));

    private readonly record struct Waiter(LogPosition At, Action<SimReply> Reply, LogEntry? Entry, bool ForMajority = false);
}
