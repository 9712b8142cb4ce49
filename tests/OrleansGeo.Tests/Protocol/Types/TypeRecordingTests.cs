using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Protocol.Types;
using OrleansGeo.Tests.Protocol.Control;

namespace OrleansGeo.Tests.Protocol.Types;

/// <summary>Silos that have their types recorded at the same time, over acceptors that answer late, in any order or not at all.</summary>
public sealed class TypeRecordingTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(7);
    private static readonly RegionId[] Names = [new("region-a"), new("region-b"), new("region-c")];
    private static readonly ShardMap Map = new(new WorldRegions([.. Names]), 1, 1);
    private static readonly TypeChoices Quorum = new("cart", ShardFamily.Quorum, false, "ByKeyHash");
    private static readonly TypeChoices Region = Quorum with { Durability = ShardFamily.Region };
    private static readonly TypeChoices Added = new("note", ShardFamily.Quorum, false, "ByKeyHash");

    private readonly WorldAcceptor[] _acceptors = [new(), new(), new()];
    private TimeSpan _now;
    private long _boots;
    private int _accepts;

    [Fact]
    public void Of_silos_that_race_with_different_choices_exactly_one_choice_stands()
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            for (var i = 0; i < _acceptors.Length; i++)
            {
                _acceptors[i] = new();
            }

            var random = new Random(seed);
            TypeChoices[][] declared = [[Quorum], [Region], [Quorum, Added], [Region, Added]];
            var decided = Run(random, loss: 0.2, declared);
            var stands = declared.Where((types, i) => decided[i].Contradictions(types).IsEmpty).SelectMany(static types => types).Where(static choices => choices.Type == "cart").Distinct().ToList();
            Assert.True(stands.Count == 1, $"seed {seed}: {stands.Count} choices stand");
            Assert.All(decided, types => Assert.True(types.Has(stands[0]), $"seed {seed}"));
        }
    }

    [Fact]
    public void A_silo_whose_types_are_recorded_writes_nothing_and_one_with_more_writes_once()
    {
        Run(new Random(1), loss: 0, [Quorum]);
        Assert.Equal(1, _accepts);
        Run(new Random(2), loss: 0, [Quorum]);
        Run(new Random(3), loss: 0, [Region]);
        Assert.Equal(1, _accepts);
        Assert.True(Run(new Random(4), loss: 0, [Quorum, Added])[0].Has(Added));
        Assert.Equal(2, _accepts);
    }

    [Fact]
    public void With_nothing_declared_what_only_a_majority_holds_is_given_to_every_acceptor_that_answers()
    {
        Run(new Random(1), loss: 0, unheard: 2, [Quorum]);
        Assert.Equal(Ballot.None, _acceptors[2].StateOf(RegisterNames.Types).Accepted);

        // As of a region whose store went back in time: the others are to agree, and there are no more of them than a majority.
        Run(new Random(2), loss: 0, unheard: 0, [[]]);
        Assert.Equal(_acceptors[1].StateOf(RegisterNames.Types).Accepted, _acceptors[2].StateOf(RegisterNames.Types).Accepted);
        Assert.True(RecordedTypesCodec.Decode(_acceptors[2].StateOf(RegisterNames.Types).Value).Has(Quorum));
    }

    [Fact]
    public void Without_a_majority_nothing_is_known()
    {
        var recording = Begin([Quorum], 0);
        for (var i = 0; i < 1_000; i++)
        {
            _now += Step;
            recording.Tick(_now);
            foreach (var message in recording.TakeMessages())
            {
                recording.Received(Names[0], message, _acceptors[0].Take(RegisterNames.Types, message, _now), _now);
            }
        }

        Assert.Null(recording.Decided);
    }

    private RecordedTypes[] Run(Random random, double loss, params TypeChoices[][] declared) => Run(random, loss, unheard: -1, declared);

    /// <summary>Runs one recording of each declaration until all of them are done.</summary>
    private RecordedTypes[] Run(Random random, double loss, int unheard, params TypeChoices[][] declared)
    {
        var recordings = declared.Select((types, i) => Begin(types, i % Names.Length)).ToArray();
        var underWay = new List<Action>();
        for (var steps = 0; recordings.Any(static recording => recording.Decided is null); steps++)
        {
            Assert.True(steps < 100_000, "the recordings do not end");
            _now += Step;
            foreach (var recording in recordings)
            {
                recording.Tick(_now);
                foreach (var message in recording.TakeMessages())
                {
                    _accepts += message is RegisterMessage.Accept ? 1 : 0;
                    underWay.AddRange(Enumerable.Range(0, Names.Length).Where(to => to != unheard && random.NextDouble() >= loss).Select(to => (Action)(() =>
                    {
                        var reply = _acceptors[to].Take(RegisterNames.Types, message, _now);
                        underWay.Add(() => recording.Received(Names[to], message, reply, _now));
                    })));
                }
            }

            for (var deliveries = random.Next(6); deliveries > 0 && underWay.Count > 0; deliveries--)
            {
                var next = random.Next(underWay.Count);
                var deliver = underWay[next];
                underWay.RemoveAt(next);
                deliver();
            }
        }

        while (underWay.Count > 0)
        {
            // Late, and heard by the acceptors all the same.
            var deliver = underWay[^1];
            underWay.RemoveAt(underWay.Count - 1);
            deliver();
        }

        return [.. recordings.Select(static recording => recording.Decided!)];
    }

    private TypeRecording Begin(TypeChoices[] declared, int region) => new(new() { Self = Names[region], Map = Map, Boot = ++_boots }, declared, _now);
}
