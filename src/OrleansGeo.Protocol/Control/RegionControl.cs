using OrleansGeo.Protocol.Leases;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Control;

/// <summary>
/// One region's control plane: keeps the own lease, watches the others', takes over the homes of a region whose lease has ended, and
/// changes the topology. Pure: inputs are method calls with the time, effects are in <see cref="TakeMessages"/>.
/// </summary>
/// <remarks>
/// <para>Invariant 2 rests on this: a region acts as home only while it holds a lease generation that the topology names
/// (<see cref="MayAct"/>), and nobody moves its homes without its consent before that generation is revoked in its register, which no
/// renewal survives.</para>
/// <para>What cannot be read here, because it is of a newer version or damaged, and what throws, holds nothing else up: it is left out, and reported
/// (<see cref="ControlMessage.Failure"/>). A lease that cannot be read is never revoked.</para>
/// <para>Time is monotonic, counts suspended time, and is never compared with another region's. Not thread-safe.</para>
/// </remarks>
internal sealed partial class RegionControl
{
    private readonly ControlConfig _config;
    private readonly Dictionary<RegionId, PeerLease> _peers = [];
    private readonly List<ControlMessage> _messages = [];
    private TimeSpan _lastTick;
    private TimeSpan _due;

    public RegionControl(ControlConfig config, WorldTopology topology, TimeSpan now)
    {
        _config = config;
        _lastTick = now;
        (_began, _earlier) = (now, new(now));
        Topology = topology;
        _lease = Client(RegisterNames.LeaseOf(config.Self));
        _topology = Client(RegisterNames.Topology);
        _topologyReader = new(config.Map.Regions.Quorums);
        foreach (var region in config.Map.Regions.All.Where(region => region != config.Self))
        {
            _peers.Add(region, new(region, Client(RegisterNames.LeaseOf(region)), new(config.Map.Regions.Quorums), now));
        }
    }

    public RegionId Self => _config.Self;

    /// <summary>Whether this region's store is known to hold all that it held. A start proves nothing of it: until then a lease that is recorded gives the region's homes new epochs.</summary>
    public bool IsProven { get; private set; }

    public ControlConfig Config => _config;

    /// <summary>The newest topology that is known to be decided.</summary>
    public WorldTopology Topology { get; private set; }

    /// <summary>When <see cref="Tick"/> must be called next, if nothing else happens before.</summary>
    public TimeSpan Due => _due;

    /// <summary>Whether this region may act as home now.</summary>
    public bool MayAct(TimeSpan now) => HoldsLease(now) && Topology.StateOf(Self).Generation == _generation;

    /// <summary>Whether the lease of a region is held, as far as this one sees.</summary>
    public bool IsLive(RegionId region, TimeSpan now) =>
        region == Self ? HoldsLease(now) : _peers[region].Seen.IsLive(now, _config.DriftMargin);

    /// <summary>Since when, without a break; null when it is not.</summary>
    public TimeSpan? LiveSince(RegionId region, TimeSpan now) => !IsLive(region, now) ? null : region == Self ? _heldSince : _peers[region].Seen.HeldSince;

    /// <summary>Whether the lease under which the topology knows a region has been revoked, and which generation has.</summary>
    public bool HasEnded(RegionId region, out long generation)
    {
        generation = region == Self ? -1 : _peers[region].Ended;
        return generation >= Topology.StateOf(region).Generation;
    }

    /// <summary>Whether a region could be home now: it holds a lease that the topology names, and is not drained.</summary>
    public bool IsEligible(RegionId region, TimeSpan now) => CanServe(Topology, region, now) && !Topology.StateOf(region).IsAway;

    /// <summary>This region's store is known to hold all that it held.</summary>
    public void Prove() => IsProven = true;

    /// <summary>What is to be sent; empties the list.</summary>
    public IReadOnlyList<ControlMessage> TakeMessages()
    {
        var messages = _messages.ToArray();
        _messages.Clear();
        return messages;
    }

    /// <summary>Does whatever is due.</summary>
    public void Tick(TimeSpan now)
    {
        if (now - _lastTick > _config.RenewalInterval + _config.AttemptTimeout)
        {
            // This process stood still. The others may have renewed all the while; what they said lies unread in its queues.
            foreach (var peer in _peers.Values)
            {
                peer.Seen.StartOver(now);
            }
        }

        _lastTick = now;
        _due = now + _config.RenewalInterval;
        TickLease(now);
        foreach (var (region, peer) in _peers)
        {
            TickPeer(region, peer, now);
        }

        TickTopology(now);
    }

    /// <summary>An acceptor's reply.</summary>
    public void Received(RegionId from, string register, RegisterMessage message, RegisterReply reply, TimeSpan now)
    {
        if (register == RegisterNames.Topology)
        {
            if (_topologyReader.Receive(from, reply) is { } decided)
            {
                Learn(decided);
            }

            _topology.Receive(from, message, reply, now);
        }
        else if (RegisterNames.LeaseHolder(register) is { } region && region != Self)
        {
            Report(register, _peers[region].Receive(from, message, reply, now));
        }
        else
        {
            // Before the client, which may acquire on the strength of it.
            SeeEarlier(from, reply, now);
            _lease.Receive(from, message, reply, now);
        }

        Tick(now);
    }

    /// <summary>The own region's acceptor took a value: renewals of the others are seen here, without asking.</summary>
    public void Observed(string register, AcceptorState state, TimeSpan now)
    {
        if (RegisterNames.LeaseHolder(register) is { } region && region != Self)
        {
            Report(register, _peers[region].Seen.See(state, TimeSpan.Zero, now));
        }

        Tick(now);
    }

    /// <summary>A decided topology that somebody else knows.</summary>
    public void Heard(WorldTopology topology, TimeSpan now)
    {
        Adopt(topology);
        Tick(now);
    }

    private bool CanServe(WorldTopology topology, RegionId region, TimeSpan now) =>
        IsLive(region, now) && topology.StateOf(region).Generation == (region == Self ? Generation : _peers[region].Seen.Value.Generation);

    private RegisterClient Client(string register) => new(register, _config, (name, message) => _messages.Add(new ControlMessage.ToAcceptors(name, message)));

    private void Report(string register, Exception? exception)
    {
        if (exception is not null)
        {
            _messages.Add(new ControlMessage.Failure(register, exception));
        }
    }

    private void Arm(TimeSpan at) => _due = at < _due ? at : _due;

    private void Arm(RegisterClient client, TimeSpan now)
    {
        client.Tick(now);
        if (client.Due is { } due)
        {
            Arm(due);
        }
    }
}
