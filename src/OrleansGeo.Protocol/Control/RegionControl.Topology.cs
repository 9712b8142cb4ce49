using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Control;

/// <summary>Changes of the topology, several in one write, and news of it.</summary>
public sealed partial class RegionControl
{
    private readonly RegisterClient _topology;
    private readonly RegisterReader _topologyReader;
    private readonly List<PendingChange> _pending = [];
    private TimeSpan _nextTopologyRead;
    private TimeSpan _nextRecord;

    /// <summary>Asks for a change of the topology.</summary>
    /// <param name="change">One of <see cref="TopologyChanges"/>; asked as often as it takes.</param>
    /// <param name="done">Told once: whether it was applied. If not, it did not apply any more (perhaps because an earlier attempt was made after all): look at the topology.</param>
    /// <param name="now">The process's monotonic time.</param>
    public void Change(Func<WorldTopology, WorldTopology?> change, Action<bool>? done, TimeSpan now)
    {
        _pending.Add(new(change, done));
        TickTopology(now);
    }

    /// <summary>There is a newer topology somewhere: ask for it.</summary>
    public void Refresh(TimeSpan now)
    {
        _nextTopologyRead = TimeSpan.Zero;
        Tick(now);
    }

    private void TickTopology(TimeSpan now)
    {
        if (HoldsLease(now) && Topology.StateOf(Self).Generation < Generation && !_topology.IsBusy && _pending.Count == 0 && now >= _nextRecord)
        {
            var generation = Generation;
            _nextRecord = now + _config.Backoff;
            _pending.Add(new(topology => TopologyChanges.Record(topology, Self, generation, _config.Secret), null));
        }

        Arm(_topology, now);
        if (!_topology.IsBusy && _pending.Count > 0)
        {
            Write(now);
            Arm(_topology, now);
        }

        if (now >= _nextTopologyRead)
        {
            // Whatever news was lost is found again.
            _nextTopologyRead = now + _config.LeaseDuration;
            _messages.Add(new ControlMessage.ToAcceptors(RegisterNames.Topology, new RegisterMessage.Read()));
        }

        Arm(_nextTopologyRead);
    }

    private void Write(TimeSpan now)
    {
        var batch = _pending.ToArray();
        _pending.Clear();
        _topology.Start(
            bytes =>
            {
                var before = TopologyCodec.Decode(_config.Map, bytes);
                var after = before;
                foreach (var pending in batch)
                {
                    var next = pending.Change(after);
                    pending.IsApplied = next is not null;
                    after = next ?? after;
                }

                return ReferenceEquals(before, after) ? null : TopologyCodec.Encode(after);
            },
            outcome =>
            {
                Adopt(TopologyCodec.Decode(_config.Map, outcome.Value));
                if (outcome.Changed)
                {
                    _messages.Add(new ControlMessage.News(Topology));
                }

                foreach (var pending in batch)
                {
                    pending.Done?.Invoke(outcome.Changed && pending.IsApplied);
                }
            },
            now);
    }

    private void Adopt(WorldTopology topology)
    {
        if (topology.Version > Topology.Version)
        {
            Topology = topology;
        }
    }

    private sealed record PendingChange(Func<WorldTopology, WorldTopology?> Change, Action<bool>? Done)
    {
        public bool IsApplied { get; set; }
    }
}
