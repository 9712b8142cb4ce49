using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansGeo.Protocol.Ledgers;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Loops;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.Topology;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Ledgers;

/// <summary>
/// Finds out what became of what the region's ledger lists: notes what took effect after all, because its caller repeated it, and takes back suspicions about regions that are here
/// again. If a region came back with a store that went back in time, what is suspected there is lost, and stays listed.
/// </summary>
/// <remarks>However many shards it is about, each other region is asked once a round, and one that does not answer holds up nothing but what it is asked for.</remarks>
internal sealed class LedgerSettling(
    IRegionStore store, LedgerIndex index, CurrentTopology topology, IRegionLinks links, IGrainFactory grains, TimeProvider time, ILogger logger)
{
    private const int MostRequests = 2_000;
    private const int ParallelWrites = 16;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly LoopConfig Loop = new() { Name = "settlement of the ledger", Effect = "lost writes that were repeated, and suspicions that proved unfounded, stay listed" };

    /// <summary>Looks again and again, and soon after the ledger was looked at. Its owner starts and stops it.</summary>
    public BackgroundLoop CreateLoop(BackgroundLoops loops) => loops.CreatePeriodic(
        Loop,
        Interval,
        async stop =>
        {
            await SettleAsync(stop);
            await Task.Delay(Pause, time, stop);
        },
        logger);

    /// <summary>One round.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        // A shard that the world does not have has no home to ask.
        var suspicions = (await store.ReadSuspicionsAsync(cancellationToken)).RemoveAll(suspicion => topology.Value.Map.IndexOf(suspicion.Shard) < 0);
        var open = await index.TakeDueAsync(MostRequests, cancellationToken);
        var questions = suspicions.Select(static suspicion => suspicion.Shard).Concat(open.Select(static entry => entry.Shard)).Distinct()
            .Select(shard => new Asked(shard, [.. suspicions.Where(suspicion => suspicion.Shard == shard)], [.. open.Where(entry => entry.Shard == shard)]))
            .GroupBy(asked => topology.Value.HomeOf(topology.Value.Map.IndexOf(asked.Shard)).Region);
        var answers = await Task.WhenAll(questions.Select(home => AskHomeAsync(home.Key, [.. home], cancellationToken)));
        await Task.WhenAll(answers.SelectMany(static answer => answer.Settled).GroupBy(static suspicion => suspicion.Region)
            .Select(region => TakeBackAsync(region.Key, [.. region], cancellationToken))
            .Append(SupersedeAsync([.. answers.SelectMany(static answer => answer.TookEffect)], cancellationToken)));
    }

    private async Task<(IEnumerable<LostEntry> TookEffect, IEnumerable<Suspicion> Settled)> AskHomeAsync(RegionId home, Asked[] asked, CancellationToken cancellationToken)
    {
        var answers = await AskAsync(home, control => control.AnswerLedger([.. asked.Select(static shard => shard.ToQuestion())]), cancellationToken) ?? [];
        return (
            asked.Zip(answers).SelectMany(static shard => shard.First.Open.Zip(shard.Second.Knows)).Where(static entry => entry.Second).Select(static entry => entry.First),
            asked.Zip(answers).SelectMany(static shard => shard.First.Suspicions.Zip(shard.Second.HasSettled)).Where(static suspicion => suspicion.Second).Select(static suspicion => suspicion.First));
    }

    /// <summary>Its callers repeated these, and they took effect.</summary>
    private async Task SupersedeAsync(LostEntry[] entries, CancellationToken cancellationToken)
    {
        if (entries.Length == 0)
        {
            return;
        }

        // An operator may have dealt with one meanwhile.
        var marked = (await store.ReadMarksAsync(cancellationToken)).Select(static mark => (mark.Cut, mark.Position)).ToHashSet();
        foreach (var entry in entries.Where(entry => !marked.Contains((entry.Cut, entry.Position))))
        {
            await store.MarkAsync(new(entry.Cut, entry.Position, LostWriteState.Superseded), cancellationToken);
        }

        await index.CloseAsync(entries);
    }

    /// <summary>The region is here again, and whatever its logs had and others lost it has cut and kept: unless its store forgot some of it.</summary>
    private async Task TakeBackAsync(RegionId region, Suspicion[] suspicions, CancellationToken cancellationToken)
    {
        var forgotten = await AskAsync(region, control => control.ForgottenThroughAll([.. suspicions.Select(static suspicion => suspicion.Shard.Name)]), cancellationToken) ?? [];
        await Parallel.ForEachAsync(
            suspicions.Zip(forgotten).Where(static pair => pair.First.Epoch > pair.Second),
            new ParallelOptions { MaxDegreeOfParallelism = ParallelWrites, CancellationToken = cancellationToken },
            async (pair, token) => await store.ClearSuspicionAsync(pair.First, token));
    }

    /// <returns>Null: it does not answer now, may not say, or is of a version that does not know the question. It is asked again.</returns>
    private async Task<T[]?> AskAsync<T>(RegionId region, Func<IControlGrain, ValueTask<T[]>> question, CancellationToken cancellationToken)
    {
        try
        {
            return links.GrainsOf(region, grains) is { } there ? await question(there.GetGrain<IControlGrain>(0)).AsTask().WaitAsync(Patience, time, cancellationToken) : null;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>What is asked of one shard's home.</summary>
    private sealed record Asked(ShardId Shard, ImmutableArray<Suspicion> Suspicions, ImmutableArray<LostEntry> Open)
    {
        public LedgerQuestionWire ToQuestion() => new(
            Shard.Name,
            [.. Suspicions.Select(static suspicion => suspicion.Region.Name)],
            [.. Open.Select(static entry => entry.Entity)],
            [.. Open.Select(static entry => entry.Request.ToString())]);
    }
}
