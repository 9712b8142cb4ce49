using System.Collections.Immutable;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Seats;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Simulation.Stores;

namespace OrleansGeo.Simulation.Shells;

/// <summary>An activation of a shard in a region: runs the product's <see cref="Seat"/> on a disk and a network that are not real. Decides nothing.</summary>
internal sealed class SeatShell : ISeatView
{
    private readonly SimWorld _world;
    private readonly SimRegion _region;
    private readonly int _shard;
    private readonly Seat _seat;
    private readonly List<(FencingToken Token, Action<bool> Reply)> _takingOver = [];
    private FencingToken? _asking;
    private TimeSpan _armed = TimeSpan.MaxValue;
    private bool _isStepping;
    private bool _again;

    public SeatShell(SimWorld world, SimRegion region, int shard)
    {
        (_world, _region, _shard) = (world, region, shard);
        _seat = new(
            new()
            {
                Self = region.Id,
                Map = MapOf(world, region, shard),
                Index = world.MapIndexOf(shard),
                Quorums = world.Config.Fault == SimFault.PromiseMajorityOffByOne ? new(Math.Max(1, world.Regions.Length - 2)) : world.Map.Regions.Quorums,
                RetryAfter = TimeSpan.FromMilliseconds(20),
                LookAgainAfter = TimeSpan.FromMilliseconds(50),
                UnreadableAgainAfter = TimeSpan.FromMilliseconds(500),
                DrainBound = world.Config.LeaseDuration,
                TokenBound = TimeSpan.FromMilliseconds(200),
                Patience = TimeSpan.FromMilliseconds(100),
                TokenComesWithin = 4 * world.Config.LeaseDuration,
            },
            this);
    }

    public bool IsAlive { get; private set; } = true;

    public bool IsCurrent => _region.Seats[_shard] == this;

    public int Shard => _shard;

    /// <summary>The open home, shown or not.</summary>
    public HomeShell? Home { get; private set; }

    public ReplicaShell? Replica { get; private set; }

    /// <summary>The home takes requests; otherwise the replica is what is seen of the shard here.</summary>
    public bool IsHomeShown { get; private set; }

    public ShardShell? Shown => IsHomeShown ? Home : Replica;

    public WorldTopology Decided => MapOf(_world, _region, _shard) is var map && map != _world.Map ? WorldTopology.Initial(map)
        : _world.Config.Fault == SimFault.UnprovenSourceServes && !IsStoreTrusted ? WithoutReservation(_region.Topology)
        : _region.Topology;

    public long KnownEpoch => Math.Max(Decided.HomeOf(_world.MapIndexOf(_shard)).Epoch, _region.HeardOf(_shard));

    public long Generation => _region.Generation;

    public bool IsStoreProven => IsStoreTrusted;

    public bool IsStoreTrusted => _region.Standing is { IsProven: true };

    public bool OwnsRows => _region.Standing is { OwnsRows: true };

    public bool HasEnded(RegionId region, out long generation) => _region.Control!.Control.HasEnded(region, out generation);

    public bool IsEligible(RegionId region) => _region.Control!.Control.IsEligible(region, _region.Now);

    /// <summary>Nobody knows here whether a link is cut before something was lost on it.</summary>
    public bool IsLinked(RegionId region) => region != _region.Id;

    public TimeSpan? ActedUntilUnder(long generation) => _region.ActedUntilUnder(generation);

    /// <summary>By the product's rule. Of two activations each may believe it.</summary>
    public bool MayAct(long generation) => Seat.MayAct(this, _world.IsRow(_shard), generation);

    public void Start() => Step();

    public void Stop()
    {
        IsAlive = false;
        Home?.Stop();
        Replica?.Stop();
    }

    /// <summary>Something changed that the seat may look at.</summary>
    public void Wake()
    {
        _seat.Changed();
        Step();
    }

    public void LogMoved()
    {
        if (_seat.WatchesLog)
        {
            Wake();
        }
    }

    public void Tick()
    {
        Step();
        Home?.Tick();
        Replica?.Tick();
    }

    /// <summary>The home hands the shard over.</summary>
    public void TakeOver(HandOverToken token, Action<bool> reply)
    {
        _takingOver.Add((token.Token, reply));
        After(100_000, () =>
        {
            if (_takingOver.Remove((token.Token, reply)))
            {
                reply(false);
            }
        });
        _seat.Came(token);
        Step();
    }

    /// <summary>Whether the sender of a log is fenced by the home that is here.</summary>
    public bool Fences(FencingToken sender)
    {
        var isFenced = _world.Config.Fault == SimFault.NoEpochCheckAtHome ? Home is not null : _seat.Fences(sender);
        if (!isFenced && Home is { } home)
        {
            home.ShownEpoch = sender.Epoch;
        }

        Step();
        return isFenced;
    }

    /// <summary>Without the rule a row is promoted when its owner is gone: as if another region owned it.</summary>
    private static ShardMap MapOf(SimWorld world, SimRegion region, int shard)
    {
        if (world.Config.Fault != SimFault.RowShardPromoted || !world.IsRow(shard) || world.OwnerOf(shard) == region.Index
            || region.Control is not { } control || !control.Control.HasEnded(world.Map.Regions[world.OwnerOf(shard)], out _))
        {
            return world.Map;
        }

        var regions = world.Map.Regions.All.ToArray();
        (regions[region.Index], regions[world.OwnerOf(shard)]) = (regions[world.OwnerOf(shard)], regions[region.Index]);
        return new(new([.. regions]), 1, 1, new());
    }

    /// <summary>Without the rule a home that may have forgotten that it sent the token goes on.</summary>
    private WorldTopology WithoutReservation(WorldTopology topology) =>
        topology[_world.MapIndexOf(_shard)] is { ReservedToken: { } reserved } shard && shard.Home.Region == _region.Id
            ? TopologyChanges.Withdraw(topology, _world.MapIndexOf(_shard), shard.Home, reserved)!
            : topology;

    private void Step()
    {
        if (_isStepping || !IsAlive)
        {
            _again = true;
            return;
        }

        _isStepping = true;
        do
        {
            _again = false;
            foreach (var effect in _seat.Run(_region.Now))
            {
                Do(effect);
            }
        }
        while (_again && IsAlive);

        _isStepping = false;
        if (IsAlive)
        {
            Confirm();
            Arm();
        }
    }

    private void Confirm()
    {
        foreach (var waiting in _takingOver.Where(waiting => _seat.HasTaken(waiting.Token)).ToList())
        {
            _takingOver.Remove(waiting);
            waiting.Reply(true);
        }
    }

    private void Arm()
    {
        var due = _seat.Due;
        if (due != TimeSpan.MaxValue && due != _armed)
        {
            _armed = due;
            _region.At(due, () =>
            {
                if (IsAlive && _armed == due)
                {
                    _armed = TimeSpan.MaxValue;
                    Step();
                }
            });
        }
    }

    private void Do(SeatEffect effect)
    {
        switch (effect)
        {
            case SeatEffect.ReadHead:
                Store(effect, "head", writes: false, () => _region.Store[_shard].Head);
                break;
            case SeatEffect.Promise promise:
                Promise(promise);
                break;
            case SeatEffect.Cut cut:
                Store(effect, $"cut for {cut.Token}", writes: true, () => _region.Store.Cut(_shard, cut.Token, cut.KeepThrough, cut.ForeignEpoch));
                break;
            case SeatEffect.Append append:
                Store(effect, $"append what was fetched for {append.Token}", writes: true, () =>
                {
                    var (verdict, head) = _region.Store.Append(_shard, isHome: true, append.Token, append.Previous, append.PreviousEpoch, append.Rows);
                    return new SeatAppended(verdict, head);
                });
                break;
            case SeatEffect.Suspect when _world.Config.Fault == SimFault.NotSuspected:
                Done(effect, null);
                break;
            case SeatEffect.Suspect suspect:
                Store(effect, $"suspect {suspect.Region}", writes: true, () => _region.Store.Suspect(_shard, suspect.Region, suspect.Epoch, suspect.From));
                break;
            case SeatEffect.ReadLog read:
                ReadLog(read);
                break;
            case SeatEffect.TakeRecords take:
                TakeRecords(take);
                break;
            case SeatEffect.AskPromises ask:
                _asking = ask.Token;
                AskPromises(ask.Token, []);
                break;
            case SeatEffect.StopAsking:
                _asking = null;
                break;
            case SeatEffect.OpenReplica open:
                OpenReplica(open);
                break;
            case SeatEffect.OpenHome open:
                OpenHome(open);
                break;
            case SeatEffect.ShowHome:
                Replica?.Stop();
                (Replica, IsHomeShown) = (null, true);
                break;
            case SeatEffect.EndHome end:
                Home?.Close(end.Reason);
                Done(effect, null);
                break;
            case SeatEffect.CloseHome close:
                CloseHome(close);
                break;
            case SeatEffect.PrepareToLeave:
                After(_world.Chance.Between(10, 5_000), () => Done(effect, null));
                break;
            case SeatEffect.BeginHandOver:
                Home?.BeginHandOver();
                Done(effect, null);
                break;
            case SeatEffect.EndHandOver:
                Home?.EndHandOver();
                break;
            case SeatEffect.BeginGivingAway:
                Home?.BeginGivingAway();
                break;
            case SeatEffect.SendToken send:
                SendToken(send);
                break;
            case SeatEffect.Announce announce:
                _world.Network.Send(_region.Index, _world.IndexOf(announce.Home), $"hello of shard {_shard}", () =>
                    _world.Regions[_world.IndexOf(announce.Home)].Hello(_shard, _region.Id));
                break;
            case SeatEffect.Change change:
                Change(change);
                break;
            case SeatEffect.Hear hear:
                _region.Hear(_shard, hear.Home.Epoch);
                break;
            case SeatEffect.Abandon:
                _world.Trace($"{_region.Id} shard {_shard}: the activation is given up");
                _region.Abandon(this);
                break;
            case SeatEffect.Note note:
                _world.Trace($"{_region.Id} shard {_shard}: {note.What}");
                break;
        }
    }

    /// <summary>Calls the store, and tells the seat.</summary>
    private void Store(SeatEffect effect, string what, bool writes, Func<object?> call) => _region.Store.Queue.Submit(
        () => IsAlive, $"shard {_shard} {what}", writes, call, outcome => Done(effect, outcome), () => Failed(effect, $"the disk did not say what became of '{what}'"));

    private void Done(SeatEffect effect, object? outcome)
    {
        _seat.Done(effect.Number, outcome);
        Step();
    }

    private void Failed(SeatEffect effect, string problem, bool isDamage = false)
    {
        _seat.Failed(effect.Number, new(problem, isDamage));
        Step();
    }

    private void After(long microseconds, Action action) => _world.Events.After(microseconds, () => _region.Run(() =>
    {
        if (IsAlive)
        {
            action();
        }
    }));

    private void Promise(SeatEffect.Promise promise)
    {
        if (_world.Config.Fault == SimFault.ResumeAfterToken && promise.Token.Region != _region.Id)
        {
            // Without the fence: the token goes out, and this home goes on.
            var head = _region.Store[_shard].Head;
            new LooseToken(_world, _region, _shard).Send(new(_world.Map[_world.MapIndexOf(_shard)], promise.Token, head.Last, head.LastEpoch));
            Done(promise, head);
            return;
        }

        Store(promise, $"promise {promise.Token}", writes: true, () => _region.Store.Promise(_shard, promise.Token));
    }

    private void AskPromises(FencingToken token, HashSet<RegionId> answered)
    {
        if (_asking != token)
        {
            return;
        }

        foreach (var other in _world.Regions.Where(other => other != _region && !answered.Contains(other.Id)))
        {
            _world.Network.Send(_region.Index, other.Index, $"promise {token} for shard {_shard}", () => other.Promise(_shard, token, (head, isProven) =>
                _world.Network.Send(other.Index, _region.Index, $"promised {head.Promised} for shard {_shard}, log ends at {head.LastEpoch}.{head.Last}{(isProven ? "" : ", not proven")}", () =>
                {
                    if (IsAlive && _asking == token && !answered.Contains(other.Id))
                    {
                        // What is not proven may be a vote later.
                        if (isProven)
                        {
                            answered.Add(other.Id);
                        }


                        _seat.Promised(other.Id, head, isProven);
                        Step();
                    }
                })));
        }

        After(_world.Chance.Between(40_000, 80_000), () => AskPromises(token, answered));
    }

    private void ReadLog(SeatEffect.ReadLog read)
    {
        var source = _world.Regions[_world.IndexOf(read.Source)];
        var answer = Once(read);
        _world.Network.Send(_region.Index, source.Index, $"fetch of shard {_shard} from {read.From}", () => source.Fetch(_shard, read.From, page =>
            _world.Network.Send(source.Index, _region.Index, $"{page.Rows.Length} rows of shard {_shard}", () =>
            {
                // Without the rule it is not asked whether that store still keeps its promise.
                var head = _world.Config.Fault == SimFault.FetchWithoutPromise && _asking is { } token ? page.Head with { Promised = token } : page.Head;
                answer(new SeatPage(page.Rows, head));
            })));
    }

    private void TakeRecords(SeatEffect.TakeRecords take)
    {
        var source = _world.Regions[_world.IndexOf(take.Source)];
        var answer = Once(take);
        _world.Network.Send(_region.Index, source.Index, $"records of shard {_shard}?", () =>
        {
            var copy = new Guid((int)_world.Chance.Next(), 1, 0, new byte[8]);
            _world.Checks.Logs.CopyBegins(copy, source.Index, _shard);
            var (head, records) = (source.Store[_shard].Head, source.Store.ReadRecords(_shard, null, int.MaxValue));
            _world.Network.Send(source.Index, _region.Index, $"{records.Length} records of shard {_shard}", () =>
            {
                if (IsAlive)
                {
                    _region.Store.Queue.Submit(
                        () => IsAlive,
                        $"shard {_shard} take records back",
                        writes: true,
                        () => StoreCopies.TakeBack(_world, _region.Index, _shard, take.Token, source.Index, copy, head, records),
                        answer,
                        () => answer(null));
                }
            });
        });
    }

    /// <summary>The first answer counts, and one that does not come has failed. None is null.</summary>
    private Action<object?> Once(SeatEffect effect)
    {
        var isAnswered = false;
        void Answer(object? outcome)
        {
            if (isAnswered || !IsAlive)
            {
                return;
            }

            isAnswered = true;
            if (outcome is null)
            {
                Failed(effect, "no answer came");
            }
            else
            {
                Done(effect, outcome);
            }
        }

        After(_world.Chance.Between(80_000, 160_000), () => Answer(null));
        return Answer;
    }

    private void OpenReplica(SeatEffect.OpenReplica open)
    {
        Replica?.Stop();
        Replica = null;
        if (_region.Store[_shard].IsDamaged)
        {
            After(1, () => Failed(open, "its rows are damaged", isDamage: true));
            return;
        }

        var replica = new ReplicaShell(_world, _region, _shard, this, open.FreshAt);
        replica.Open(
            open.Committed,
            () =>
            {
                Replica = replica;
                replica.Opened();
                Done(open, replica);
            },
            () => Failed(open, "the disk did not say what the log is"));
    }

    private void OpenHome(SeatEffect.OpenHome open) => _region.Store.Queue.Submit(
        () => IsAlive,
        $"shard {_shard} open home as {open.Assignment.Token}",
        writes: true,
        () =>
        {
            _region.Store.Promise(_shard, open.Assignment.Token);
            return _region.Store.Read(_shard, aboveCheckpointOnly: _world.Config.Fault == SimFault.NoDeduplicationAfterPromotion);
        },
        read =>
        {
            if (_region.Store[_shard].IsDamaged)
            {
                Failed(open, "its rows are damaged", isDamage: true);
                return;
            }

            if (!HomeRun.MayOpen(open.Assignment.Token, read.Head))
            {
                Done(open, null);
                return;
            }

            (Home, IsHomeShown) = (new(_world, _region, _shard, this, open.Assignment, open.IsHanded, open.Generation, read.Head, read.Rows), false);
            Done(open, Home);
            Home?.Go();
        },
        () => Failed(open, "the disk did not say what the log is"));

    private void CloseHome(SeatEffect.CloseHome close)
    {
        Home?.Close(close.Reason);
        (Home, IsHomeShown) = (null, false);

        // Behind whatever it has under way there.
        Store(close, "wait for what is under way", writes: false, static () => null);
    }

    private void SendToken(SeatEffect.SendToken send)
    {
        var (way, to) = (_world.IndexOf(send.Way), _world.IndexOf(send.Token.Token.Region));
        var answer = Once(send);
        _world.Network.Send(_region.Index, way, $"hand-over of shard {_shard} to {send.Token.Token} after {send.Token.LastEpoch}.{send.Token.Last}", () =>
            _world.Regions[to].TakeOver(_shard, send.Token, isTaken =>
                _world.Network.Send(to, _region.Index, $"hand-over of shard {_shard} confirmed: {isTaken}", () => answer(isTaken))));
    }

    private void Change(SeatEffect.Change change)
    {
        if (change.What is SeatChange.Reallot reallot && reallot.To == _region.Id)
        {
            SimViolation.Unless(!_world.Config.StoresAreKept, $"{_region.Id} shard {_shard}: {reallot.Home.Token} is given back although its store never went back.");
        }

        _world.Trace($"{_region.Id} shard {_shard}: asks for {change.What}");
        _region.Control!.Ask(change.What.Apply, applied =>
        {
            if (IsAlive)
            {
                Done(change, applied);
            }
        });
    }
}
