using Microsoft.Extensions.Logging;
using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Leases;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Storage;

namespace OrleansGeo.Runtime.Failover;

/// <summary>
/// A region's store that went back in time: an old copy was put in its place, or an empty one. It has forgotten promises and rows that others
/// count on, so it must not vote before it holds again whatever it can ever have acknowledged.
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
    /// A store that knows of no lease of its region is a new world's, or forgot everything, which must not be missed. The last renewal was taken by a majority of the n regions, this one
    /// among them: by majority − 1 of the n − 1 others. So of any n − majority + 1 others one knows it: 1 of two regions, both others of three, 3 of five. Where the store knows a
    /// lease, majority − 1 are enough, so that a region starts again while another one is down: an older copy may then be missed.
    /// </remarks>
    internal static int AnswersNeeded(WorldRegions regions, bool knowsLease) =>
        knowsLease ? regions.Majority - 1 : regions.Quorums.OthersForAll;

    /// <summary>Asks the other regions, until enough of them answered; and a moment longer, as more of them know more.</summary>
    public async Task<bool> WentBackAsync(CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        var wentBack = false;
        await UntilAsync(
            "enough other regions say which of its leases they know",
            async () =>
            {
                var known = await AskForStateAsync(control => control.Take(_lease, RegisterMessageWire.From(new RegisterMessage.Read())), cancellationToken);

                // After the others: another activation of the control plane may be renewing the lease.
                var held = (await store.TakeAsync(_lease, new RegisterMessage.Read(), cancellationToken)).State.Value;
                var own = LeaseValue.Decode(held);
                wentBack |= known.Any(state => LeaseValue.Decode(state.Value).IsLaterThan(own));
                return known.Count == links.All.Length || (known.Count >= AnswersNeeded(map.Regions, knowsLease: !held.IsEmpty) && time.GetElapsedTime(since) >= Round);
            },
            cancellationToken);
        return wentBack;
    }

    /// <param name="learn">Tells of a decided topology; gives the newest that is known.</param>
    /// <param name="settle">Has the topology decided again, so that every acceptor holds it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task CatchUpAsync(Func<WorldTopology, WorldTopology> learn, Action settle, CancellationToken cancellationToken)
    {
        var wanted = new Dictionary<int, (long Epoch, LogPosition Last)>();
        var held = -1L;
        WorldTopology? topology = null;
        await UntilAsync(
            "it holds of every shard what the shard's home holds, and a majority of the others agrees on the topology",
            async () =>
            {
                if (await RecallAsync(RegisterNames.Topology, cancellationToken) is not { } state)
                {
                    settle();
                    return false;
                }

                // Homes may have changed while the shards of others were waited for: until nothing is new.
                topology = learn(TopologyCodec.Decode(map, state.Value));
                var isNews = topology.Version != held;
                held = await HoldsAllAsync(topology, wanted, cancellationToken) ? topology.Version : -1;
                return held >= 0 && !isNews;
            },
            cancellationToken);
        await UntilAsync(
            "its store works",
            async () =>
            {
                await new ForgottenEpochs(store).NoteAsync(self, topology!, cancellationToken);
                return true;
            },
            cancellationToken);
        var rows = new Dictionary<int, (long Epoch, LogPosition Last)>();
        await UntilAsync("it holds the rows of multi-writer entities of the regions that it reaches", () => HoldsRowsAsync(rows, cancellationToken), cancellationToken);
        var renewed = new HashSet<int>();
        await UntilAsync("enough other regions say how far its rows of multi-writer entities went", () => RenewRowsAsync(renewed, cancellationToken), cancellationToken);
        await UntilAsync("a majority of the others agrees on the choices of the grain types", () => RestoreTypesAsync(cancellationToken), cancellationToken);
        foreach (var register in map.Regions.All.Where(region => region != self).Select(RegisterNames.LeaseOf).Append(RegisterNames.Topology).Append(_lease))
        {
            await UntilAsync($"a majority of the others agrees on the register {register}", () => RestoreAsync(register, cancellationToken), cancellationToken);
        }
    }

    /// <summary>
    /// The region's own row shards go on under an epoch that no store has seen: what this store had written may have been shown, and its places must not
    /// be taken again. Their logs are then made whole from what the others hold.
    /// </summary>
    /// <param name="renewed">Those that go on already: each does as soon as enough regions have answered for it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    private async Task<bool> RenewRowsAsync(HashSet<int> renewed, CancellationToken cancellationToken)
    {
        var rows = Enumerable.Range(map.Count, map.Total - map.Count).Where(row => map.OwnerOf(row) == self && !renewed.Contains(row)).ToList();
        var answers = await AskOthersAsync(control => ReadHeadsAsync(control, rows), HeadsRound, cancellationToken);
        foreach (var row in rows)
        {
            var heads = answers.Select(heads => heads.GetValueOrDefault(row)).OfType<ShardHead>().ToList();
            if (heads.Count >= map.Regions.Quorums.OthersForAll)
            {
                // At least the world's first epoch: this store may have acknowledged rows under it that nobody else has.
                var epoch = heads.Select(static head => Math.Max(head.Promised.Epoch, head.LastEpoch)).DefaultIfEmpty().Max();
                await store.PromiseAsync(map[row], new(self, Math.Max(1, epoch) + 1), cancellationToken);
                renewed.Add(row);
            }
        }

        return rows.All(renewed.Contains);
    }

    /// <summary>Whether the own store holds of every shard what its home had when it was asked first.</summary>
    private async Task<bool> HoldsAllAsync(WorldTopology topology, Dictionary<int, (long Epoch, LogPosition Last)> wanted, CancellationToken cancellationToken)
    {
        var homes = Enumerable.Range(0, map.Count).GroupBy(index => topology.HomeOf(index).Region).Where(home => links.TryGet(home.Key, out _)).ToList();
        var unknown = homes.Select(home => home.Where(index => !wanted.TryGetValue(index, out var end) || end.Epoch < topology.HomeOf(index).Epoch).ToList());

        // All homes at once, and what is not known of one shard keeps none of the others from being known.
        var asked = await Task.WhenAll(homes.Zip(unknown, (home, shards) => ReadHeadsAsync(home.Key, shards)));
        foreach (var (index, head) in asked.SelectMany(static heads => heads))
        {
            if (head.LastEpoch == topology.HomeOf(index).Epoch || (topology.HomeOf(index).Epoch == 1 && head.Last == LogPosition.Zero))
            {
                wanted[index] = (topology.HomeOf(index).Epoch, head.Last);
            }
        }

        var missing = new List<int>();
        for (var index = 0; index < map.Count; index++)
        {
            var own = await store.ReadHeadAsync(map[index], cancellationToken);
            if (topology[index].Reserved is not null
                || !wanted.TryGetValue(index, out var end)
                || end.Epoch != topology.HomeOf(index).Epoch
                || (end.Last != LogPosition.Zero && (own.Copying || own.LastEpoch != end.Epoch || own.Last < end.Last)))
            {
                missing.Add(index);
            }
        }

        if (missing.Count > 0)
        {
            _waitsFor ??= $"{map[missing[0]]}{(missing.Count > 1 ? $" and {missing.Count - 1} more" : "")} not yet";
        }

        return missing.Count == 0;
    }

    /// <summary>
    /// Whether the own store holds the rows of the other regions as far as they went when they were asked first. They may have forgotten the tombstones that this
    /// region had, and without their rows what was removed would be here again. A region that does not answer is not waited for.
    /// </summary>
    private async Task<bool> HoldsRowsAsync(Dictionary<int, (long Epoch, LogPosition Last)> wanted, CancellationToken cancellationToken)
    {
        var holdsAll = true;
        foreach (var rows in Enumerable.Range(map.Count, map.Total - map.Count).GroupBy(map.OwnerOf).Where(rows => rows.Key != self))
        {
            foreach (var (row, head) in await ReadHeadsAsync(rows.Key, [.. rows]))
            {
                // As it stood first, unless its store was replaced meanwhile, too.
                if (!wanted.TryGetValue(row, out var known) || known.Epoch != head.LastEpoch || head.Last < known.Last)
                {
                    wanted[row] = (head.LastEpoch, head.Last);
                }
            }

            foreach (var row in rows.Where(wanted.ContainsKey))
            {
                var own = await store.ReadHeadAsync(map[row], cancellationToken);
                var (epoch, last) = wanted[row];
                holdsAll &= !own.Copying && own.LastEpoch >= epoch && (own.LastEpoch > epoch || own.Last >= last);
            }
        }

        return holdsAll;
    }

    private async Task<AcceptorState?> RecallAsync(string register, CancellationToken cancellationToken) =>
        AcceptorRestore.From(await AskForStateAsync(control => control.Recall(register), cancellationToken), map.Regions.Majority);

    private async Task<bool> RestoreAsync(string register, CancellationToken cancellationToken)
    {
        if (await RecallAsync(register, cancellationToken) is not { } state)
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
    private async Task<bool> RestoreTypesAsync(CancellationToken cancellationToken)
    {
        if (await RestoreAsync(RegisterNames.Types, cancellationToken))
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
    private async Task<Dictionary<int, ShardHead>> ReadHeadsAsync(RegionId region, List<int> shards)
    {
        try
        {
            return shards.Count > 0 && links.TryGetChannel(region, out var channel) ? await ReadHeadsAsync(channel.Grains.GetGrain<IControlGrain>(0), shards) : [];
        }
        catch (Exception exception)
        {
            _waitsFor = $"{region} does not say where its logs end: {exception.Message.TrimEnd('.', ' ')}";
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
            var problem = "not yet";
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Region} does not take part before {What} ({Problem}). If that cannot be any more, FailoverOptions.TrustStore is the unsafe way on")]
    private static partial void LogWaits(ILogger logger, RegionId region, string what, string problem);
}
