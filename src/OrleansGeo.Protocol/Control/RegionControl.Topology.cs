using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Control;

/// <summary>Changes of the topology, several in one write, and news of it.</summary>
internal sealed partial class RegionControl
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
    /// <param name="failed">
    /// Told instead, once, that the change threw, or that the topology cannot be read here. An earlier attempt may have been made. Null: <paramref name="done"/> is told that it was not applied.
    /// </param>
    public void Change(Func<WorldTopology, WorldTopology?> change, Action<bool>? done, TimeSpan now, Action<Exception>? failed = null)
    {
        _pending.Add(new(change, done, failed));
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
            _pending.Add(new(topology => TopologyChanges.Record(topology, Self, generation, _config.Secret, IsProven), null, null));
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
            bytes => Changed(batch, bytes),
            outcome => Decided(batch, outcome),
            (exception, at) =>
            {
                // The whole batch: the topology cannot be read here. What this region asks for by itself is not asked for again at once.
                _nextRecord = at + _config.AttemptTimeout;
                foreach (var pending in batch)
                {
                    Fail(pending, exception);
                }
            },
            now);
    }

    private ReadOnlyMemory<byte>? Changed(PendingChange[] batch, ReadOnlyMemory<byte> bytes)
    {
        var topology = TopologyCodec.Decode(_config.Map, bytes);
        ReadOnlyMemory<byte>? changed = null;
        foreach (var pending in batch)
        {
            pending.IsApplied = false;
            if (pending.IsTold)
            {
                continue;
            }

            try
            {
                if (pending.Change(topology) is { } next)
                {
                    changed = TopologyCodec.Encode(next);
                    topology = next;
                    pending.IsApplied = true;
                }
            }
            catch (Exception exception)
            {
                // It fails alone: what else is in the batch has nothing to do with it.
                Fail(pending, exception);
            }
        }

        return changed;
    }

    private void Decided(PendingChange[] batch, RegisterOutcome outcome)
    {
        Adopt(TopologyCodec.Decode(_config.Map, outcome.Value));
        if (outcome.Changed)
        {
            _messages.Add(new ControlMessage.News(Topology));
        }

        foreach (var pending in batch)
        {
            Tell(pending, outcome.Changed && pending.IsApplied);
        }
    }

    private void Fail(PendingChange pending, Exception exception)
    {
        Report(RegisterNames.Topology, exception);
        Tell(pending, isApplied: false, exception);
    }

    /// <summary>Once. What a callback throws is its own affair.</summary>
    private void Tell(PendingChange pending, bool isApplied, Exception? failure = null)
    {
        if (pending.IsTold)
        {
            return;
        }

        pending.IsTold = true;
        try
        {
            if (failure is not null && pending.Failed is { } failed)
            {
                failed(failure);
            }
            else
            {
                pending.Done?.Invoke(isApplied);
            }
        }
        catch (Exception exception)
        {
            Report(RegisterNames.Topology, exception);
        }
    }

    /// <summary>A decided value, which may be one that cannot be read here.</summary>
    private void Learn(ReadOnlyMemory<byte> decided)
    {
        try
        {
            var topology = TopologyCodec.Decode(_config.Map, decided);
            if (topology.Version > Topology.Version)
            {
                _topology.Forget();
            }

            Adopt(topology);
        }
        catch (Exception exception)
        {
            Report(RegisterNames.Topology, exception);
        }
    }

    private void Adopt(WorldTopology topology)
    {
        if (topology.Version > Topology.Version)
        {
            Topology = topology;
        }
    }

    private sealed class PendingChange(Func<WorldTopology, WorldTopology?> change, Action<bool>? done, Action<Exception>? failed)
    {
        public Func<WorldTopology, WorldTopology?> Change { get; } = change;

        public Action<bool>? Done { get; } = done;

        public Action<Exception>? Failed { get; } = failed;

        /// <summary>In the attempt that is under way.</summary>
        public bool IsApplied { get; set; }

        public bool IsTold { get; set; }
    }
}
