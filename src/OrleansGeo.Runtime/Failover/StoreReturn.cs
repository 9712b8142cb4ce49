using Microsoft.Extensions.Logging;
using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Leases;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Failover;

/// <summary>
/// What becomes of a region's store after a start (<see cref="StoreStanding"/>). One that went back in time, because an old copy was put in its place, or an empty one, has forgotten
/// promises and rows that others count on, so it must not vote before it holds again whatever it can ever have acknowledged. One of which nothing shows that, and nothing proves the
/// opposite, takes part meanwhile as far as it may, and is proven once it holds all that.
/// </summary>
/// <remarks>
/// <para>How it shows: the own store takes every value of the own lease before another region is shown it. Best effort: a copy that is younger than
/// the last renewal does not show, and neither does one that nobody who answers knows better of.</para>
/// <para>How it ends: each shard holds what its home's store held at some moment since; what was acknowledged to earlier homes is in there. Then
/// the registers are taken from a majority of the others (<see cref="AcceptorRestore"/>), the own lease last, because it is what shows.</para>
/// </remarks>
internal sealed partial class StoreReturn(IRegionStore store, IRegionLinks links, RegionId self, ShardMap map, TypesRegister types, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    /// <summary>Longer than a region takes, which answers for each shard within a bound (<see cref="HeadAnswers"/>).</summary>
    private static readonly TimeSpan HeadsRound = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan SayAgain = TimeSpan.FromSeconds(15);
    private readonly string _lease = RegisterNames.LeaseOf(self);

    /// <summary>What the attempt that is under way lacks, in words; null: it did not say. For the log alone.</summary>
    private volatile string? _waitsFor;

    /// <summary>How many other regions must say which of its leases they know.</summary>
    /// <remarks>
    /// The last renewal was taken by a majority of the n regions, this one among them: by majority − 1 of the n − 1 others. So of any n − majority + 1 others one knows it: 1 of two regions,
    /// both others of three, 3 of five. Where there is evidence that the store, which knows a lease, is as it was left, majority − 1 are enough, so that a region starts again while
    /// another one is down.
    /// </remarks>
    internal static int AnswersNeeded(WorldRegions regions, bool hasEvidence) =>
        hasEvidence ? regions.Majority - 1 : regions.Quorums.OthersForAll;

    /// <summary>Asks the other regions, until enough of them answered; and a moment longer, as more of them know more.</summary>
    public async Task<StoreStanding> CompareAsync(CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        var (wentBack, isNew, isContinued) = (false, true, false);
        await UntilAsync(
            "enough other regions say which of its leases they know",
            async () =>
            {
                var known = await AskForStateAsync(control => control.Take(_lease, RegisterMessageWire.From(new RegisterMessage.Read())), cancellationToken);

                // After the others: another activation of the control plane may be renewing the lease.
                var held = (await store.TakeAsync(_lease, new RegisterMessage.Read(), cancellationToken)).State.Value;
                var own = LeaseValue.Decode(held);
                isContinued = await store.FindEvidenceAsync(cancellationToken);
                wentBack |= known.Any(state => LeaseValue.Decode(state.Value).IsLaterThan(own));
                isNew &= held.IsEmpty && known.All(static state => state.Value.IsEmpty);
                return known.Count == links.All.Length
                    || (known.Count >= AnswersNeeded(map.Regions, hasEvidence: isContinued && !held.IsEmpty) && time.GetElapsedTime(since) >= Round);
            },
            cancellationToken);
        return wentBack ? StoreStanding.WentBack : isContinued || isNew ? StoreStanding.Proven : StoreStanding.NotProven;
    }

    /// <summary>
    /// The operator has the store taken for whole, whatever others know. Evidence that it is makes its epochs go on, unless a region that answers at once knows better: an old copy of a store that outlives machines
    /// contains its evidence.
    /// </summary>
    public async Task<StoreStanding> TrustAsync(CancellationToken cancellationToken)
    {
        var isContinued = false;
        await UntilAsync(
            "its store works",
            async () =>
            {
                var known = await AskForStateAsync(control => control.Take(_lease, RegisterMessageWire.From(new RegisterMessage.Read())), cancellationToken);
                var own = LeaseValue.Decode((await store.TakeAsync(_lease, new RegisterMessage.Read(), cancellationToken)).State.Value);
                isContinued = await store.FindEvidenceAsync(cancellationToken) && !known.Any(state => LeaseValue.Decode(state.Value).IsLaterThan(own));
                return true;
            },
            cancellationToken);
        return isContinued ? StoreStanding.Proven : StoreStanding.Trusted;
    }

    /// <summary>The store went back: it takes whatever it can have acknowledged from the others.</summary>
    /// <param name="learn">Tells of a decided topology; gives the newest that is known.</param>
    /// <param name="settle">Has the topology decided again, so that every acceptor holds it.</param>
    /// <param name="rowsGoOn">Told when the own rows go on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task CatchUpAsync(Func<WorldTopology, WorldTopology> learn, Action settle, Action rowsGoOn, CancellationToken cancellationToken)
    {
        var comparison = new StoreComparison(map, self);
        var held = -1L;
        WorldTopology? topology = null;
        await UntilAsync(
            "it holds of every shard what the shard's home holds, and a majority of the others agrees on the topology",
            async () =>
            {
                if (await RecallAsync(RegisterNames.Topology, map.Regions.Majority, cancellationToken) is not { } state)
                {
                    settle();
                    return false;
                }

                // Homes may have changed while the shards of others were waited for: until nothing is new.
                topology = learn(TopologyCodec.Decode(map, state.Value));
                var isNews = topology.Version != held;
                held = await HoldsAllAsync(comparison, topology, isRecorded: false, rowsGoOn, cancellationToken) ? topology.Version : -1;
                return held >= 0 && !isNews;
            },
            cancellationToken);
        await NoteForgottenAsync(topology!, cancellationToken);
        await RestoreAllAsync(map.Regions.Majority, cancellationToken);
    }

    /// <param name="agreeing">How many of the others must hold a value.</param>
    /// <param name="cancellationToken">Gives up.</param>
    private async Task RestoreAllAsync(int agreeing, CancellationToken cancellationToken)
    {
        await UntilAsync("enough of the others agree on the choices of the grain types", () => RestoreTypesAsync(agreeing, cancellationToken), cancellationToken);
        foreach (var register in map.Regions.All.Where(region => region != self).Select(RegisterNames.LeaseOf).Append(RegisterNames.Topology).Append(_lease))
        {
            await UntilAsync($"enough of the others agree on the register {register}", () => RestoreAsync(register, agreeing, cancellationToken), cancellationToken);
        }
    }

    /// <summary>Nothing shows that the store went back, and nothing proves that it did not: waits until it holds whatever it can have acknowledged.</summary>
    /// <param name="topology">The newest that is known.</param>
    /// <param name="isRecorded">Whether the topology names this run's lease.</param>
    /// <param name="rowsGoOn">Told when the own rows go on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task ProveAsync(Func<WorldTopology> topology, Func<bool> isRecorded, Action rowsGoOn, CancellationToken cancellationToken)
    {
        var comparison = new StoreComparison(map, self);
        await UntilAsync(
            "it holds of every shard what the shard's home holds",
            async () =>
            {
                // In this order: what is recorded is in the topology that is read then. One from before this run may name homes of long ago, which know little.
                var isCurrent = isRecorded();
                return await HoldsAllAsync(comparison, topology(), isCurrent, rowsGoOn, cancellationToken) && isCurrent;
            },
            cancellationToken);

        // Of two regions both had to take a value: the other one has it.
        if (links.All.Length > 0)
        {
            await RestoreAllAsync(Math.Min(map.Regions.Majority, links.All.Length), cancellationToken);
        }
    }

    /// <summary>What only this store had, up to the present epochs, it may have forgotten.</summary>
    public Task NoteForgottenAsync(WorldTopology topology, CancellationToken cancellationToken) => UntilAsync(
        "its store works",
        async () =>
        {
            await new ForgottenEpochs(store).NoteAsync(self, topology, cancellationToken);
            return true;
        },
        cancellationToken);

    /// <summary>The store holds all that it held: the next start may count on it.</summary>
    public Task VouchAsync(CancellationToken cancellationToken) => UntilAsync(
        "its store works",
        async () =>
        {
            await store.VouchAsync(cancellationToken);
            return true;
        },
        cancellationToken);

    /// <summary>One round of asking, and whether the own store holds all of it by now.</summary>
    private async Task<bool> HoldsAllAsync(StoreComparison comparison, WorldTopology topology, bool isRecorded, Action rowsGoOn, CancellationToken cancellationToken)
    {
        // All regions at once, and what is not known of one shard keeps none of the others from being known.
        var asked = await Task.WhenAll(links.All.Select(async link => (link.Peer, Heads: await ReadHeadsAsync(link, [.. comparison.AsksOf(link.Peer, topology)]))));
        foreach (var (region, heads) in asked)
        {
            foreach (var (index, head) in heads)
            {
                comparison.Answered(region, topology, index, head);
            }
        }

        foreach (var (row, token) in comparison.Renewals)
        {
            await store.PromiseAsync(map[row], token, cancellationToken);
            comparison.Renewed(row);
            if (comparison.OwnsRows)
            {
                rowsGoOn();
            }
        }

        var own = await Task.WhenAll(Enumerable.Range(0, map.Total).Select(index => store.ReadHeadAsync(map[index], cancellationToken)));
        if (comparison.Missing(topology, isRecorded, index => own[index]) is not { } missing)
        {
            return true;
        }

        _waitsFor ??= $"{map[missing]} not yet";
        return false;
    }

    private async Task<AcceptorState?> RecallAsync(string register, int agreeing, CancellationToken cancellationToken) =>
        AcceptorRestore.From(await AskForStateAsync(control => control.Recall(register), cancellationToken), agreeing);

    private async Task<bool> RestoreAsync(string register, int agreeing, CancellationToken cancellationToken)
    {
        if (await RecallAsync(register, agreeing, cancellationToken) is not { } state)
        {
            return false;
        }

        // The value is decided without this acceptor, which need not hold it; what it must not break is the promise.
        var taken = await store.TakeAsync(register, new RegisterMessage.Accept(state.Accepted, state.Value, state.Promised), cancellationToken);
        if (!taken.Granted)
        {
            taken = await store.TakeAsync(register, new RegisterMessage.Prepare(state.Promised), cancellationToken);
        }

        return taken.State.Promised >= state.Promised;
    }

    /// <summary>It changes seldom, and a change may have reached only a majority: then what the others hold differs until it is decided again.</summary>
    private async Task<bool> RestoreTypesAsync(int agreeing, CancellationToken cancellationToken)
    {
        if (await RestoreAsync(RegisterNames.Types, agreeing, cancellationToken))
        {
            return true;
        }

        using var round = new CancellationTokenSource(Round, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(round.Token, cancellationToken);
        await types.RecordAsync([], either.Token);
        return false;
    }

    private Task<IReadOnlyCollection<AcceptorState>> AskForStateAsync(Func<IControlGrain, ValueTask<RegisterReplyWire>> question, CancellationToken cancellationToken) =>
        AskOthersAsync(async control => (await question(control)).ToReply().State, Round, cancellationToken);

    private async Task<IReadOnlyCollection<T>> AskOthersAsync<T>(Func<IControlGrain, ValueTask<T>> question, TimeSpan round, CancellationToken cancellationToken)
        where T : class
    {
        var asked = links.All.Select(link => AskAsync(link, question)).ToList();
        await Task.WhenAny(Task.WhenAll(asked), Task.Delay(round, time, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        return [.. asked.Where(static task => task.IsCompletedSuccessfully).Select(static task => task.Result).OfType<T>()];
    }

    /// <summary>Where the logs of shards end in a region, of those that it could say it of.</summary>
    private async Task<Dictionary<int, ShardHead>> ReadHeadsAsync(IRegionLink link, List<int> shards)
    {
        try
        {
            return shards.Count > 0 && link.TryGetChannel(out var channel)
                ? await ReadHeadsAsync(channel.Grains.GetGrain<IControlGrain>(0), shards).AsTask().WaitAsync(HeadsRound, time)
                : [];
        }
        catch (Exception exception)
        {
            _waitsFor = $"{link.Peer} does not say where its logs end: {exception.Message.TrimEnd('.', ' ')}";
            return [];
        }
    }

    private async ValueTask<Dictionary<int, ShardHead>> ReadHeadsAsync(IControlGrain control, List<int> shards)
    {
        var answers = await new PeerHeads(control, time).ReadAsync([.. shards.Select(index => map[index].Name)]);
        var heads = new Dictionary<int, ShardHead>();
        foreach (var (index, answer) in shards.Zip(answers))
        {
            if (answer.TryGetHead() is { } head)
            {
                heads.Add(index, head);
            }
            else
            {
                _waitsFor = $"a region cannot say where {map[index]} ends: {answer.Problem}";
            }
        }

        return heads;
    }

    private static async Task<T?> AskAsync<T>(IRegionLink link, Func<IControlGrain, ValueTask<T>> question)
        where T : class
    {
        try
        {
            return link.TryGetChannel(out var channel) ? await question(channel.Grains.GetGrain<IControlGrain>(0)) : null;
        }
        catch (Exception)
        {
            // It does not answer, or may not; it is asked again.
            return null;
        }
    }

    /// <summary>Again and again: a store and other regions that fail come back, or this region does not. Says what it waits for, and why.</summary>
    private async Task UntilAsync(string what, Func<Task<bool>> attempt, CancellationToken cancellationToken)
    {
        var said = time.GetTimestamp();
        while (true)
        {
            var problem = links.All.DownReasons() ?? "not yet";
            _waitsFor = null;
            try
            {
                if (await attempt())
                {
                    return;
                }

                problem = _waitsFor ?? problem;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                problem = exception.Message;
            }

            if (time.GetElapsedTime(said) >= SayAgain)
            {
                said = time.GetTimestamp();
                LogWaits(logger, self, what, problem);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Region} does not take part before {What} ({Problem}). Start the other regions, or see to the network and the addresses between them. If they are lost for good, FailoverOptions.TrustStore is the unsafe way on")]
    private static partial void LogWaits(ILogger logger, RegionId region, string what, string problem);
}
