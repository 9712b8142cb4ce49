using System.Buffers.Binary;
using System.IO.Hashing;
using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Leases;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Protocol.Control;

/// <summary>One region's control plane, and the acceptors of three regions, which answer at once. What others write there is put there.</summary>
internal sealed class ControlBench
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<(string Register, RegionId Region), AcceptorState> _acceptors = [];
    private long _others = 1_000;
    private TimeSpan _nextRenewal;
    private long _renewals;

    public ControlBench()
    {
        Control = new(new() { Self = A, Map = Map, Boot = 1 }, WorldTopology.Initial(Map), TimeSpan.Zero);
        Control.Prove();
    }

    public static RegionId A { get; } = new("a");

    public static RegionId B { get; } = new("b");

    public static RegionId C { get; } = new("c");

    public static ShardMap Map { get; } = new(new([A, B, C]), 1, 1);

    public RegionControl Control { get; }

    public TimeSpan Now { get; private set; }

    /// <summary>The other regions that hold leases, and renew them.</summary>
    public HashSet<RegionId> Renewing { get; } = [B, C];

    /// <summary>What the operator is told.</summary>
    public List<ControlMessage.Failure> Failures { get; } = [];

    /// <summary>What was asked of the acceptors of each register, beside reading.</summary>
    public List<string> Asked { get; } = [];

    public WorldTopology Decided => TopologyCodec.Decode(Map, ValueOf(RegisterNames.Topology));

    /// <summary>The same value, as a version would write it that this one cannot read.</summary>
    public static byte[] Newer(ReadOnlySpan<byte> value)
    {
        var bytes = value.ToArray();
        bytes[0] += 7;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(1), XxHash3.HashToUInt64(bytes.AsSpan(9), bytes[0]));
        return bytes;
    }

    public ReadOnlyMemory<byte> ValueOf(string register) => StateOf(register, A).Value;

    /// <summary>Another region has a value decided, which every acceptor then holds.</summary>
    public void Decide(string register, byte[] value)
    {
        var accepted = new Ballot(_others += 100, B, 2);
        foreach (var region in Map.Regions.All)
        {
            _acceptors[(register, region)] = new(accepted with { Counter = accepted.Counter + 1 }, accepted, value);
        }
    }

    /// <summary>The own region's acceptor took what was decided.</summary>
    public void Observe(string register) => Control.Observed(register, StateOf(register, A), Now);

    public void RunFor(TimeSpan duration) => RunUntil(static () => false, duration);

    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        for (var end = Now + limit; Now < end && !condition(); Now += Step)
        {
            Renew();
            Control.Tick(Now);
            Deliver();
        }

        return condition();
    }

    private void Renew()
    {
        if (Now < _nextRenewal)
        {
            return;
        }

        _nextRenewal = Now + TimeSpan.FromSeconds(1);
        foreach (var region in Renewing)
        {
            Decide(RegisterNames.LeaseOf(region), new LeaseValue(1, true, 9, ++_renewals, TimeSpan.FromSeconds(4)).Encode());
        }
    }

    /// <summary>Everything that is under way arrives.</summary>
    private void Deliver()
    {
        for (var messages = Control.TakeMessages(); messages.Count > 0; messages = Control.TakeMessages())
        {
            Failures.AddRange(messages.OfType<ControlMessage.Failure>());
            foreach (var ask in messages.OfType<ControlMessage.ToAcceptors>())
            {
                if (ask.Message is not RegisterMessage.Read)
                {
                    Asked.Add(ask.Register);
                }

                foreach (var region in Map.Regions.All)
                {
                    var granted = AcceptorRules.Take(StateOf(ask.Register, region), ask.Message, out var next);
                    _acceptors[(ask.Register, region)] = next;
                    Control.Received(region, ask.Register, ask.Message, new(granted, next, TimeSpan.Zero), Now);
                }
            }
        }
    }

    private AcceptorState StateOf(string register, RegionId region) => _acceptors.GetValueOrDefault((register, region), AcceptorState.Empty);
}
