using Microsoft.Extensions.Options;
using Orleans.Placement;
using OrleansGeo.Protocol.Ledgers;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Logs;
using OrleansGeo.Runtime.Topology;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Failover;

/// <summary>Gives the control plane one place in the region's cluster, and peers a way to it. The work is in <see cref="ControlPlane"/>.</summary>
[GrainType("orleansgeo.control")]
[HashBasedPlacement]
[KeepAlive]
internal sealed class ControlGrain(ControlPlane plane, ILedger ledger, IRegionStore store, CurrentTopology topology, IClusterMembershipService members, ILocalSiloDetails silo, LeaseClock clock, IOptions<FailoverOptions> options, TimeProvider time) : Grain, IControlGrain
{
    private const int PageBytes = 1024 * 1024;
    private static readonly TimeSpan CatchUpBound = TimeSpan.FromSeconds(1);

    private readonly HeadAnswers _answers = new(store, time);
    private readonly ShardGrants _grants = new(clock, time, options.Value.DriftMargin);
    private ControlRun? _run;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await RequireMemberAsync(cancellationToken);
        _run = await plane.StartAsync(cancellationToken);
        ledger.Start();
        _ = EndAsync(_run);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_run is { } run)
        {
            await plane.StopAsync(run);
            await ledger.StopAsync();
        }
    }

    /// <summary>A silo that was declared dead, and does not know, would take the lease from the run that has taken its place: it ends when it reads the members.</summary>
    private async Task RequireMemberAsync(CancellationToken cancellationToken)
    {
        // Twice: the first may be answered by a reading that was under way, and is older than this activation.
        await members.Refresh(default, cancellationToken);
        await members.Refresh(default, cancellationToken);
        if (members.CurrentSnapshot.GetSiloStatus(silo.SiloAddress) == SiloStatus.Dead)
        {
            throw new OrleansException($"Silo {silo.SiloAddress} was declared dead by its cluster: the region's control plane begins on another one.");
        }
    }

    /// <summary>A run that was superseded is of no use any more: the next call begins another one, wherever the cluster has the region's control plane now.</summary>
    private async Task EndAsync(ControlRun run)
    {
        await run.WhenSuperseded;

        // First what waits for it: Orleans ends no activation that has a request under way.
        try
        {
            await plane.StopAsync(run);
        }
        finally
        {
            DeactivateOnIdle();
        }
    }

    public async ValueTask<RegisterReplyWire> Take(string register, RegisterMessageWire message) =>
        RegisterReplyWire.From(await plane.TakeAsync(register, message.ToMessage()));

    public ValueTask News(byte[] decided)
    {
        plane.Heard(decided);
        return default;
    }

    public async ValueTask<FollowReply> Follow(long version, long generation, int waitMs, SiloAddress? silo, long heard)
    {
        if (silo is null)
        {
            await plane.WhenNewerAsync(version, generation, TimeSpan.FromMilliseconds(waitMs));
            return plane.Describe(version);
        }

        if (!_grants.Heard(silo, heard))
        {
            await Task.WhenAny(plane.WhenNewerAsync(version, generation, TimeSpan.FromMilliseconds(waitMs)), _grants.WhenNews);
        }

        return _grants.Grant(silo, plane.Describe(version));
    }

    public async ValueTask<long> Claim(string shard, SiloAddress silo, long? generation)
    {
        if (generation is { } wanted)
        {
            // Another run granted that lease, and knows who has the homes under it; or it has ended.
            plane.RequireGeneration(wanted);
        }
        else
        {
            await plane.WhenEarlierEndedAsync();
        }

        using var ends = plane.EndsOf(_run!);
        return await _grants.ClaimAsync(shard, silo, ends.Token);
    }

    public ValueTask Release(string shard, SiloAddress silo, long claim)
    {
        _grants.Release(shard, silo, claim);
        return default;
    }

    public async ValueTask CatchUp(long version) => await plane.CatchUpAsync(version, CatchUpBound);

    public async ValueTask<bool> Change(TopologyChangeWire change) => await plane.ChangeAsync(change.Apply);

    public ValueTask<RegisterReplyWire> Recall(string register)
    {
        plane.RequireVote();
        return Take(register, RegisterMessageWire.From(new RegisterMessage.Read()));
    }

    public async ValueTask<ShardHeadWire[]> Heads(string[] shards)
    {
        plane.RequireVote();
        return [.. (await Task.WhenAll(shards.Select(shard => store.ReadHeadAsync(new ShardId(shard))))).Select(ShardHeadWire.From)];
    }

    public async ValueTask<HeadAnswerWire[]> HeadsEach(string[] shards) => Mark(plane.IsProven, await _answers.ReadAsync(shards));

    public async ValueTask<long> ForgottenThrough(string shard) => (await ForgottenThroughAll([shard]))[0];

    public async ValueTask<long[]> ForgottenThroughAll(string[] shards)
    {
        // What it forgot it knows only then.
        plane.RequireWhole();
        return await new ForgottenEpochs(store).ThroughAsync(topology.Value.Map, shards.Select(static shard => new ShardId(shard)));
    }

    public async ValueTask<ShardHeadWire[]> Fence(FenceWire[] shards)
    {
        // A region of an earlier version would count it.
        plane.RequireProof();
        var heads = await Task.WhenAll(shards.Select(fence =>
            store.PromiseAsync(new ShardId(fence.Shard), new(new RegionId(fence.Region), fence.Epoch))));
        return [.. heads.Select(ShardHeadWire.From)];
    }

    public async ValueTask<HeadAnswerWire[]> FenceEach(FenceWire[] shards)
    {
        // Whatever is known of the store: a promise from here on is durable, and its log may be the longest.
        var isProven = plane.IsProven;
        return Mark(isProven, await _answers.PromiseAsync(shards));
    }

    public async ValueTask<CopyStateWire[]> ReadRecords(string shard, string? after) =>
        [.. (await store.ReadRecordsAsync(new ShardId(shard), after, PageBytes)).SelectMany(CopyStateWire.From)];

    public async ValueTask<CopyStateWire[]> ReadStates(string shard, string? after, int skip)
    {
        var records = await store.ReadRecordsAsync(new ShardId(shard), after, PageBytes);
        return FirstPage(records.Select((record, i) => (record.Entity, i == 0 && skip > 0 ? new EntityRecord(record.Record.States[skip..]) : record.Record)));
    }

    public async ValueTask<CopyStateWire[]> ReadStatesAfter(string shard, string? after, string? entity, string? state)
    {
        var records = await store.ReadRecordsAsync(new ShardId(shard), after, PageBytes);
        return FirstPage(new CopyCursor(after, entity, state).Left(records.Select(static record => (record.Entity, record.Record))));
    }

    public async ValueTask<string[]> Shards() => [.. (await store.ListShardsAsync()).Select(static shard => shard.Name)];

    public async ValueTask<LedgerWire> ReadLedger() => await ledger.ReadAsync();

    public async ValueTask<LedgerAnswerWire[]> AnswerLedger(LedgerQuestionWire[] questions) => await ledger.AnswerAsync(questions);

    public async ValueTask<bool> Mark(long cut, long position, byte state) => await ledger.MarkAsync(cut, new(position), (LostWriteState)state);

    public async ValueTask<ReplayOutcome> Replay(long cut, long position, bool overwrite) => await ledger.ReplayAsync(cut, new(position), overwrite);

    public async ValueTask<LogPageWire> ReadLog(string shard, long from)
    {
        var id = new ShardId(shard);
        var rows = await store.ReadLogAsync(id, new LogPosition(from), PageBytes);
        return new([.. rows.Select(LogRowWire.From)], ShardHeadWire.From(await store.ReadHeadAsync(id)));
    }

    private static HeadAnswerWire[] Mark(bool isProven, HeadAnswerWire[] answers) =>
        isProven ? answers : [.. answers.Select(static answer => answer with { IsUnproven = true })];

    private static CopyStateWire[] FirstPage(IEnumerable<(string Entity, EntityRecord Record)> records) =>
        CopyPages.Of(records, PageBytes).FirstOrDefault() is { IsDefault: false } page
            ? [.. page.SelectMany(static record => CopyStateWire.From(new StoredRecord(record.Entity, record.Record)))]
            : [];
}
