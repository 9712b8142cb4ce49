using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;
using static OrleansGeo.Storage.Conformance.StoreSamples;

namespace OrleansGeo.Storage.Conformance;

public abstract partial class RegionStoreConformance
{
    private const string Topology = "topology";

    private static readonly RegisterMessage Read = new RegisterMessage.Read();

    [Fact]
    public async Task A_new_register_is_empty_and_reading_it_does_not_change_that()
    {
        for (var read = 1; read <= 2; read++)
        {
            Assert.Equal("granted promised none accepted none ", Show(await Store.TakeAsync(Topology, Read)));
        }

        Assert.Equal("granted promised 1.westeurope/7 accepted none ", Show(await Store.TakeAsync(Topology, Prepare(1))));
    }

    [Fact]
    public async Task A_register_promises_rising_ballots_only()
    {
        await Store.TakeAsync(Topology, Prepare(2));
        Assert.Equal("refused promised 2.westeurope/7 accepted none ", Show(await Store.TakeAsync(Topology, Prepare(2))));
        Assert.Equal("refused promised 2.westeurope/7 accepted none ", Show(await Store.TakeAsync(Topology, Prepare(2, East, boot: 9))));
        Assert.Equal("granted promised 2.westeurope/8 accepted none ", Show(await Store.TakeAsync(Topology, Prepare(2, West, boot: 8))));
        Assert.Equal("granted promised 3.eastus2/1 accepted none ", Show(await Store.TakeAsync(Topology, Prepare(3, East, boot: 1))));
        Assert.Equal("granted promised 3.eastus2/1 accepted none ", Show(await Store.TakeAsync(Topology, Read)));
    }

    [Fact]
    public async Task An_accepted_value_brings_the_promise_of_the_next_ballot()
    {
        await Store.TakeAsync(Topology, Prepare(1));
        const string First = "promised 2.westeurope/7 accepted 1.westeurope/7 0A";
        Assert.Equal($"granted {First}", Show(await Store.TakeAsync(Topology, Accept(1, [10]))));

        // The ballot itself is used up, and so is whatever lies between it and the next.
        Assert.Equal($"refused {First}", Show(await Store.TakeAsync(Topology, Accept(1, [11]))));
        Assert.Equal($"refused {First}", Show(await Store.TakeAsync(Topology, Prepare(1, West, boot: 8))));
        Assert.Equal($"refused {First}", Show(await Store.TakeAsync(Topology, Prepare(2, East, boot: 8))));

        // The next needs no prepare.
        Assert.Equal(
            "granted promised 3.westeurope/7 accepted 2.westeurope/7 0C", Show(await Store.TakeAsync(Topology, Accept(2, [12]))));

        // A prepare by somebody else takes the promise away, and finds the value.
        Assert.Equal(
            "granted promised 4.eastus2/1 accepted 2.westeurope/7 0C", Show(await Store.TakeAsync(Topology, Prepare(4, East, boot: 1))));
        Assert.Equal(
            "refused promised 4.eastus2/1 accepted 2.westeurope/7 0C", Show(await Store.TakeAsync(Topology, Accept(3, [13]))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64 * 1024)]
    public async Task A_value_of_any_size_is_kept(int bytes)
    {
        var value = new byte[bytes];
        new Random(bytes).NextBytes(value);
        Assert.True((await Store.TakeAsync(Topology, Accept(1, [1, 2, 3]))).Granted);
        var taken = await Store.TakeAsync(Topology, Accept(2, value));
        Assert.True(taken.Granted);
        Assert.Equal(value, taken.State.Value.ToArray());
        await ReopenAsync();
        Assert.Equal(Show(taken), Show(await Store.TakeAsync(Topology, Read)));
    }

    [Fact]
    public async Task A_value_is_the_stores_own_once_it_is_accepted()
    {
        byte[] value = [1, 2, 3];
        await Store.TakeAsync(Topology, Accept(1, value));
        value[0] = 9;
        Assert.Equal([1, 2, 3], (await Store.TakeAsync(Topology, Read)).State.Value.ToArray());
    }

    [Fact]
    public async Task Registers_do_not_disturb_each_other_and_are_there_after_the_store_was_opened_again()
    {
        string[] names = ["topology", "Topology", "lease-westeurope", "lease-eastus2", "", "a\ud800", "a\ud801", "ä/'\0"];
        for (var i = 0; i < names.Length; i++)
        {
            await Store.TakeAsync(names[i], Accept(i + 1, [(byte)i]));
            await Store.TakeAsync(names[i], Prepare(100 + i, East));
        }

        await ReopenAsync();
        for (var i = 0; i < names.Length; i++)
        {
            var expected = $"promised {100 + i}.eastus2/7 accepted {i + 1}.westeurope/7 {i:X2}";
            Assert.Equal($"granted {expected}", Show(await Store.TakeAsync(names[i], Read)));
            Assert.Equal($"refused {expected}", Show(await Store.TakeAsync(names[i], Prepare(50))));
        }

        Assert.Empty(await Store.ListShardsAsync());
    }

    [Fact]
    public async Task A_ballot_of_any_number_is_kept()
    {
        var ballot = new Ballot(long.MaxValue - 1, new(new string('z', RegionId.MaxLength)), long.MinValue);
        var next = ballot with { Counter = long.MaxValue };
        var taken = await Store.TakeAsync(Topology, new RegisterMessage.Accept(ballot, new byte[] { 1 }, next));
        await ReopenAsync();
        Assert.Equal((next, ballot), (taken.State.Promised, taken.State.Accepted));
        Assert.Equal(Show(taken), Show(await Store.TakeAsync(Topology, Read)));
    }

    [Fact]
    public async Task Racing_proposers_are_served_one_after_the_other()
    {
        const int Proposers = 12;
        const int Seed = 4711;

        // Around the promise that was seen last, so that it depends on the others whether a message is granted.
        async Task<(RegisterMessage Message, RegisterTaken Taken)[]> Propose(int proposer)
        {
            var random = new Random(Seed + proposer);
            var seen = 0L;
            var takes = new List<(RegisterMessage, RegisterTaken)>();
            for (var step = 0; step < RacingSteps; step++)
            {
                var counter = Math.Max(1, seen + random.Next(-1, 3));
                var region = proposer % 2 == 0 ? West : East;
                var message = random.Next(5) switch
                {
                    0 => Read,
                    1 or 2 => Prepare(counter, region, proposer),
                    _ => Accept(counter, [(byte)proposer, (byte)step], region, proposer),
                };
                var taken = await Store.TakeAsync(Topology, message);
                seen = taken.State.Promised.Counter;
                takes.Add((message, taken));
                await Task.Yield();
            }

            return [.. takes];
        }

        var all = await Task.WhenAll(Enumerable.Range(0, Proposers).Select(i => Task.Run(() => Propose(i))));
        var takes = all.SelectMany(taken => taken).ToArray();

        // Every grant raises the promise, so the promises tell the order in which they were given.
        var grants = takes
            .Where(take => take is { Taken.Granted: true, Message: not RegisterMessage.Read })
            .OrderBy(take => take.Taken.State.Promised)
            .ToArray();
        List<AcceptorState> states = [AcceptorState.Empty];
        foreach (var (message, taken) in grants)
        {
            Assert.True(AcceptorRules.Take(states[^1], message, out var next), $"{message} was granted in {Show(states[^1])} (seed {Seed}).");
            Assert.Equal(Show(next), Show(taken.State));
            states.Add(next);
        }

        var known = states.ToDictionary(Show);
        foreach (var (message, taken) in takes.Except(grants))
        {
            Assert.True(known.TryGetValue(Show(taken.State), out var state), $"{Show(taken)} never was (seed {Seed}).");
            Assert.Equal(taken.Granted, AcceptorRules.Take(state, message, out _));
        }

        Assert.Contains(takes, take => !take.Taken.Granted);
        Assert.True(grants.Length > RacingSteps, $"Only {grants.Length} grants: the race tests little.");
        await ReopenAsync();
        Assert.Equal(Show(states[^1]), Show((await Store.TakeAsync(Topology, Read)).State));
    }

    [Fact]
    public async Task Registers_go_on_while_shards_write()
    {
        var appends = Enumerable.Range(1, 300)
            .Select(position => Store.AppendAsync(Shard, After(position - 1, position == 1 ? 0 : 1, Epoch(1), Row(1, position))))
            .ToArray();
        for (var counter = 1; counter <= 20; counter++)
        {
            Assert.True((await Store.TakeAsync(Topology, Accept(counter, [(byte)counter]))).Granted);
        }

        await Task.WhenAll(appends);
        Assert.Equal(At(300), (await Store.ReadHeadAsync(Shard)).Last);
        Assert.Equal([20], (await Store.TakeAsync(Topology, Read)).State.Value.ToArray());
    }

    [Fact]
    public async Task A_message_that_is_cancelled_before_it_is_sent_changes_nothing()
    {
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.TakeAsync(Topology, Prepare(1), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.TakeAsync(Topology, Read, cancelled));
        Assert.Equal(Ballot.None, (await Store.TakeAsync(Topology, Read)).State.Promised);
    }
}
