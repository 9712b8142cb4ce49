using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Simulation.Stores;

namespace OrleansGeo.Simulation.Shells;

/// <summary>What stands around a region's control plane: its timer, its messages, and the acceptors on its disk.</summary>
internal sealed class ControlShell
{
    private readonly SimWorld _world;
    private readonly SimRegion _region;
    private readonly ShardSteward _steward;
    private readonly Dictionary<string, (Ballot Accepted, TimeSpan Since)> _held = [];
    private (long Version, long Generation, long Ended) _reviewed;
    private TimeSpan _armed = TimeSpan.MaxValue;
    private bool _gaveUp;

    public ControlShell(SimWorld world, SimRegion region, WorldTopology known)
    {
        (_world, _region) = (world, region);
        _steward = new(world, region);
        var lease = world.Config.LeaseDuration;
        Control = new(
            new()
            {
                Self = region.Id,
                Map = world.Map,
                Boot = (long)(world.Chance.Next() >> 1),
                LeaseDuration = lease,
                DriftMargin = world.Config.DriftMargin,
                TakeoverStep = lease / 2,
                AttemptTimeout = lease / 4,
                Backoff = lease / 100,
            },
            known,
            region.Now);
    }

    public RegionControl Control { get; }

    public bool IsAlive { get; private set; } = true;

    public void Stop() => IsAlive = false;

    public void Tick()
    {
        GiveUpIfStoreFails();
        Control.Tick(_region.Now);
        Pump();
        _steward.Tick();
    }

    /// <summary>Asks for a change of the topology.</summary>
    public void Ask(Func<WorldTopology, WorldTopology?> change, Action<bool>? done)
    {
        Control.Change(change, applied =>
        {
            if (IsAlive)
            {
                done?.Invoke(applied);
            }
        }, _region.Now);
        Send();
    }

    /// <summary>The region's acceptor of a register: answers when it is on disk.</summary>
    public void Take(string register, RegisterMessage message, Action<RegisterReply> reply)
    {
        // Before the disk answers: what it says may be from before it was made whole.
        var isProven = _region.Standing is { IsProven: true } || _world.Config.Fault == SimFault.UnprovenAcceptorVotes;
        Take(register, message, isProven, reply);
    }

    private void Take(string register, RegisterMessage message, bool isProven, Action<RegisterReply> reply) => _region.Store.Queue.Submit(
        () => IsAlive,
        $"{register} {message.GetType().Name}",
        writes: message is not RegisterMessage.Read,
        () => _region.Store.Take(register, message),
        taken =>
        {
            var now = _region.Now;
            if (taken.Granted && message is RegisterMessage.Accept)
            {
                _held[register] = (taken.State.Accepted, now);
                Control.Observed(register, taken.State, now);
                Pump();
            }

            // Of a value that is held already, but whose own report has not come through the queue, nothing is known yet.
            var held = _held.GetValueOrDefault(register);
            reply(new(taken.Granted, taken.State, held.Accepted == taken.State.Accepted && held.Accepted != Ballot.None ? now - held.Since : TimeSpan.Zero, isProven));
        },
        static () => { });

    /// <summary>Carries out what the control plane wants, and lets the shards see what changed.</summary>
    public void Pump()
    {
        Send();
        Arm();
        var ended = _world.Map.Regions.All.Sum(region => region != _region.Id && Control.HasEnded(region, out var generation) ? generation + 1 : 0);
        var now = (Control.Topology.Version, _region.Generation, ended);
        if (now != _reviewed)
        {
            _reviewed = now;
            _world.Checks.Topologies.Known(_region.Index, Control.Topology);
            _world.Learned(Control.Topology);
            Review();
        }
    }

    public void Review()
    {
        if (IsAlive)
        {
            _region.Review();
        }
    }

    private void Send()
    {
        foreach (var message in Control.TakeMessages())
        {
            for (var to = 0; to < _world.Regions.Length; to++)
            {
                switch (message)
                {
                    case ControlMessage.ToAcceptors ask:
                        Send(to, ask);
                        break;
                    case ControlMessage.News news when to != _region.Index:
                        var other = _world.Regions[to];
                        _world.Network.Send(_region.Index, to, $"news of topology {news.Topology.Version}", () => other.Control!.Heard(news.Topology));
                        break;
                }
            }
        }
    }

    private void Send(int to, ControlMessage.ToAcceptors ask)
    {
        var other = _world.Regions[to];
        _world.Network.Send(_region.Index, to, $"{ask.Register} {ask.Message}", () => other.Control!.Take(ask.Register, ask.Message, reply =>
            _world.Network.Send(to, _region.Index, $"{ask.Register} {ask.Message.GetType().Name} granted {reply.Granted} {reply.State.Promised}/{reply.State.Accepted}", () =>
            {
                if (IsAlive)
                {
                    Control.Received(other.Id, ask.Register, ask.Message, reply, _region.Now);
                    Pump();
                }
            })));
    }

    public void Heard(WorldTopology topology)
    {
        Control.Heard(topology, _region.Now);
        Pump();
    }

    private void Arm()
    {
        if (Control.Due < _armed)
        {
            var due = _armed = Control.Due;
            _region.At(due, () =>
            {
                if (IsAlive && _armed == due)
                {
                    _armed = TimeSpan.MaxValue;
                    Control.Tick(_region.Now);
                    Pump();
                }
            });
        }
    }

    private void GiveUpIfStoreFails()
    {
        var failing = _region.Store.Queue.FailingSince is { } since && TimeSpan.FromMicroseconds(_world.Events.Now - since) > _world.Config.LeaseDuration / 3;
        if (failing && !_gaveUp)
        {
            _world.Trace($"{_region.Id} gives its lease up: its store fails");
            Control.GiveUp("its store fails", _region.Now);
        }
        else if (!failing && _gaveUp)
        {
            Control.Resume(_region.Now);
        }

        _gaveUp = failing;
        if (failing)
        {
            // Nothing else may write now.
            _region.Store.Queue.Submit(() => IsAlive, "probe", writes: true, static () => true, static _ => { }, static () => { });
        }
    }
}
