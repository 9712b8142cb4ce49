using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Seats;

/// <summary>Takes the role that the topology, the lease and the store say. Making a log whole is <see cref="SeatRecovery"/>'s, giving the home away <see cref="SeatHandOver"/>'s.</summary>
internal sealed class SeatSteps
{
    private readonly SeatConfig _config;
    private readonly ISeatView _view;
    private readonly SeatScript _script;
    private readonly SeatChanges _changes;
    private readonly SeatHandOver _handOver;
    private HandOverToken? _token;
    private TimeSpan _tokenCameAt;
    private FencingToken? _reserved;
    private TimeSpan _reservedSince;
    private long _reservedUnder;
    private TimeSpan _tokenComesWithin;
    private ISeatHome? _withoutLease;
    private ISeatReplica? _replica;
    private bool _isShown;
    private long _generation;
    private SeatAcknowledged _before;
    private TimeSpan _announceAt;
    private TimeSpan _announcePause;

    public SeatSteps(SeatConfig config, ISeatView view, SeatScript script)
    {
        (_config, _view, _script) = (config, view, script);
        _changes = new(config, view, script);
        Recovery = new(config, view, script, _changes);
        _handOver = new(config, view, script, _changes);
    }

    public bool HasRole { get; private set; }

    /// <summary>The open home, shown or not.</summary>
    public ISeatHome? Home { get; private set; }

    public SeatRecovery Recovery { get; }

    /// <summary>The token is here, and the last rows may not be.</summary>
    public bool AwaitsRows => Home is null && Token is not null;

    private WorldTopology Topology => _view.Decided;

    private ShardState Shard => Topology[_config.Index];

    /// <summary>The lease generation under which this region may act now; of a row shard, which needs no lease, 1 once it may be opened. 0: it may not.</summary>
    private long Generation => _config.IsRow ? (_view.OwnsRows ? 1 : 0) : _view.Generation;

    /// <summary>Whether what the store says of its own past is all of it. The owner of a row does not act before.</summary>
    private bool IsProven => _config.IsRow || _view.IsStoreProven;

    public void Came(HandOverToken token)
    {
        if (_token?.Token != token.Token)
        {
            _tokenCameAt = _script.Now;
        }

        _token = token;
    }

    public void Ended(long number, object? outcome, SeatFailure? failure)
    {
        _changes.Ended(number);
        _handOver.Ended(number, outcome, failure);
    }

    public IEnumerable<SeatWait> Live(SeatFailure? failed)
    {
        if (failed is { IsDamage: true })
        {
            yield return _script.Do(Yield(failed.Problem));
        }

        if (failed is null)
        {
            yield return _script.Do(Open());
        }
        else
        {
            _script.Tell(new SeatEffect.Note(new SeatNote.Failed(failed.Problem)));
            yield return _script.Until(_script.Now + (failed.IsDamage ? _config.UnreadableAgainAfter : _config.RetryAfter));
        }

        while (!_script.IsOver)
        {
            _changes.Retry = SeatScript.Never;
            yield return _script.Do(Settle());

            HasRole = true;
            yield return _script.Until(_changes.Retry);
        }
    }

    private IEnumerable<SeatWait> Open()
    {
        yield return _script.Ask(new SeatEffect.ReadHead());
        var head = _script.Outcome<ShardHead>();
        yield return _script.Do(OpenReplica(LogPosition.Zero, null));

        if (IsProven && Generation is > 0 and var generation && ShardRole.Of(Topology, _config.Index, _config.Self, head) is ShardRole.Home { IsRecovered: true } role)
        {
            // Nearly always: a home that starts again, whose log is whole. Its callers need not find a replica first.
            yield return _script.Do(OpenHome(role.Assignment, isHanded: false, generation));
        }

        HasRole = true;
        _script.News();
    }

    private IEnumerable<SeatWait> Settle()
    {
        if (Home is { } ended && !Seat.MayAct(_view, _config.IsRow, _generation))
        {
            // Before the store is asked, which may take long.
            _withoutLease = ended;
            yield return _script.Ask(new SeatEffect.EndHome("its region's lease ended"));
            _script.Check();
        }

        if (Home is not { IsOpen: false })
        {
            yield return _script.Ask(new SeatEffect.ReadHead());
        }

        // It may have closed while the store was asked.
        yield return _script.Do(Home is { IsOpen: false } closed ? HandleClosed(closed) : Take(_script.Outcome<ShardHead>()));
    }

    private IEnumerable<SeatWait> Take(ShardHead head)
    {
        var generation = Generation;
        return ShardRole.Of(Topology, _config.Index, _config.Self, head) switch
        {
            ShardRole.Home role when generation > 0 && _changes.GaveUp == role.Assignment => GiveBack(role.Assignment),
            ShardRole.Home role when generation > 0 && (Home?.Home != role.Assignment || _generation != generation) =>
                !IsProven && Shard.ReservedToken is not null ? Doubt() : BecomeHome(role.Assignment, role.IsRecovered && IsProven, isHanded: false, generation),
            ShardRole.Home when generation > 0 => Serve(),
            ShardRole.HandedOver when !IsProven => Doubt(),
            ShardRole.HandedOver role => GiveAway(role),
            ShardRole.GivenAway role => PassOn(role),
            ShardRole.Replica when generation > 0 && Token is { } token => TakeOver(token, head, generation),
            ShardRole.Replica role => Follow(role.Assignment, head),
            _ => BecomeReplica(_config.Self, "this region holds no lease"),
        };
    }

    /// <summary>The token that this region got for the shard, if it still counts.</summary>
    private HandOverToken? Token => _token is { } token && Shard.ReservedToken == token.Token && token.Token.Region == _config.Self ? token : null;

    private IEnumerable<SeatWait> TakeOver(HandOverToken token, ShardHead head, long generation)
    {
        if (_changes.GaveUp is { } gaveUp && gaveUp.Token == token.Token)
        {
            // It has the token and cannot be home: it gives the shard to the region that can.
            yield return _script.Do(StepBack("its epoch was given back"));

            yield return _script.Do(_changes.Ask(new SeatChange.Reallot(_config.Index, gaveUp, _changes.GaveUpTo)));

            yield break;
        }

        if (head.Promised == NeverOf(token.Token))
        {
            yield return _script.Do(Follow(Shard.Home, head));

            yield break;
        }

        // The token may overtake the last rows. Those that do not come are found on a majority, which takes longer. (It is of this run, also where nothing is proven: a lease that was
        // recorded without proof took every earlier reservation back. So the home has just said what all there is.)
        var patience = _tokenCameAt + _config.Patience;
        if (!head.Copying && head.Last < token.Last && _script.Now < patience)
        {
            _changes.LookAt(patience);
            yield return _script.Do(BecomeReplica(Shard.Home.Region, "its last rows are on their way"));

            yield break;
        }

        var isWhole = token.Matches(head);
        yield return _script.Do(BecomeHome(new(_config.Self, token.Token.Epoch), isWhole, isHanded: isWhole, generation));
    }

    /// <summary>What the own store promises so that it can never begin a reserved epoch: the same epoch of the region that gives it away, which never begins it either.</summary>
    private FencingToken NeverOf(FencingToken reserved) => reserved with { Region = Shard.Home.Region };

    /// <summary>What a home does that serves: says so if the topology does not know, settles what it took over, hands over.</summary>
    private IEnumerable<SeatWait> Serve()
    {
        if (!_isShown)
        {
            yield return _script.Do(Show(Home!));
        }

        if (!_isShown || _config.IsRow || Home is not { } home)
        {
            yield break;
        }

        var shard = Shard;
        if (shard.Home.Epoch < home.Home.Epoch)
        {
            yield return _script.Do(_changes.Ask(new SeatChange.HandedOver(_config.Index, home.Home.Token)));
        }
        else if (shard.ReservedToken is { } token && shard.Home == home.Home)
        {
            yield return _script.Do(_handOver.HandOver(home, token));
        }
        else if (!shard.LeftBehind.IsEmpty && shard.Home == home.Home)
        {
            // What they may have acknowledged alone was noted before this epoch began.
            yield return _script.Do(_changes.Ask(new SeatChange.Settle(_config.Index, home.Home)));
        }
    }

    /// <summary>The token goes out at once; what is still under way is acknowledged, and then this is a replica.</summary>
    private IEnumerable<SeatWait> GiveAway(ShardRole.HandedOver role)
    {
        var hasEnded = _view.HasEnded(role.To, out var revoked);
        if (Home is { IsHandingOver: false })
        {
            // Another activation of this shard gave it away, or a promise of an earlier try came late: this one stops before the receiver begins.
            _script.Tell(new SeatEffect.BeginGivingAway());
            yield return _script.Ask(new SeatEffect.BeginHandOver());
            _script.Check();
        }

        if (!hasEnded)
        {
            _handOver.Send(role);
        }

        if (Home is { } home)
        {
            var (end, bound) = (home.Stored, _script.Now + _config.Patience);
            _script.WatchesLog = true;
            while (home.IsOpen && home.Acknowledged < end && _script.Now < bound)
            {
                yield return _script.Until(bound);
            }

            _script.WatchesLog = false;
        }

        yield return _script.Do(BecomeReplica(role.To, "it was handed over"));

        if (hasEnded)
        {
            yield return _script.Do(_changes.Ask(new SeatChange.Claim(_config.Index, role.Assignment, _config.Self, revoked)));
        }
        else
        {
            _changes.LookAt(_handOver.SendAgainAt);
        }
    }

    /// <summary>The store promised the shard to a region under a reservation that is withdrawn: that one must be given an epoch of its own.</summary>
    private IEnumerable<SeatWait> PassOn(ShardRole.GivenAway role)
    {
        yield return _script.Do(BecomeReplica(role.To, "it was promised to another region"));

        yield return _script.Do(_changes.Give(role.Assignment, role.To));
    }

    /// <summary>This epoch cannot be served here, whatever the topology still says: it is never opened again, and another is asked for.</summary>
    private IEnumerable<SeatWait> GiveBack(HomeAssignment assignment)
    {
        yield return _script.Do(StepBack("its epoch was given back"));

        yield return _script.Do(_changes.Give(assignment, _changes.GaveUpTo));
    }

    private IEnumerable<SeatWait> Follow(HomeAssignment home, ShardHead head)
    {
        yield return _script.Do(BecomeReplica(home.Region, $"its home is {home.Token}"));

        if (Shard is var shard && shard.Reserved == _config.Self && Generation > 0)
        {
            // The home died while it was handing the shard over to this region, and the token is not here: it is taken under a new epoch.
            yield return _script.Do(_view.HasEnded(shard.Home.Region, out var revoked)
                ? _changes.Ask(new SeatChange.Claim(_config.Index, shard.Home, _config.Self, revoked))
                : Await(shard, shard.ReservedToken!.Value, head));
        }
        else if (shard.Reserved is null && head.Promised.Region == shard.Home.Region && head.Promised.Epoch > shard.Home.Epoch && head.Promised.Epoch <= shard.Allotted)
        {
            // It promised never to begin a reservation that the home withdrew meanwhile: its store takes no row of the home's present epoch.
            yield return _script.Do(_changes.Ask(new SeatChange.Refuse(_config.Index, shard.Home, head.Promised with { Region = _config.Self })));
        }
    }

    /// <summary>The home is about to hand the shard over to this region. If it forgot that, because its store went back, nothing ever comes.</summary>
    private IEnumerable<SeatWait> Await(ShardState shard, FencingToken reserved, ShardHead head)
    {
        var generation = Topology.StateOf(shard.Home.Region).Generation;
        if (_reserved != reserved)
        {
            (_reserved, _reservedSince, _reservedUnder, _tokenComesWithin) = (reserved, _script.Now, generation, _config.TokenComesWithin);
        }
        else if (_reservedUnder != generation)
        {
            // It starts again: it goes on soon, or forgot.
            (_reservedSince, _reservedUnder, _tokenComesWithin) = (_script.Now, generation, 2 * _config.DrainBound);
        }

        var never = NeverOf(reserved);
        var bound = _reservedSince + _tokenComesWithin;
        if (head.Promised == never)
        {
            yield return _script.Do(_changes.Ask(new SeatChange.Refuse(_config.Index, shard.Home, reserved)));
        }
        else if (_script.Now < bound)
        {
            _changes.LookAt(bound);
        }
        else if (head.Promised == reserved)
        {
            // It had the token, and has not begun: the shard is this region's to give, and so to take under a new epoch.
            yield return _script.Do(_changes.Ask(new SeatChange.Reallot(_config.Index, new(_config.Self, reserved.Epoch), _config.Self)));
        }
        else
        {
            yield return _script.Ask(new SeatEffect.Promise(never));
            _ = _script.Outcome<ShardHead>();
            _script.News();
        }
    }

    /// <summary>
    /// An earlier run of this region may have sent a token that its store knows nothing of any more, and the region that got it may serve: that one says so, or gives the
    /// reservation back, or its lease ends.
    /// </summary>
    private IEnumerable<SeatWait> Doubt()
    {
        var shard = Shard;
        yield return _script.Do(BecomeReplica(shard.Reserved!.Value, "it may have been handed over, and the store is not known to hold all that it held"));

        if (_view.HasEnded(shard.Reserved.Value, out var revoked))
        {
            yield return _script.Do(_changes.Ask(new SeatChange.Claim(_config.Index, shard.Home, _config.Self, revoked)));
        }
    }

    /// <summary>The home closed by itself: why decides what follows.</summary>
    private IEnumerable<SeatWait> HandleClosed(ISeatHome closed)
    {
        var generation = _generation;
        if (closed.Damage is { } damage)
        {
            yield return _script.Do(Yield(damage));

            yield break;
        }

        yield return _script.Do(StepBack("it closed"));

        if (closed.WentBack)
        {
            yield return _script.Ask(new SeatEffect.ReadHead());
            if (_script.Outcome<ShardHead>().Last > closed.Stored)
            {
                // The store has more than that home knew: another activation of this shard wrote it, and nothing went back.
                Abandon();
            }
            else if (_config.IsRow)
            {
                // What it wrote is with others: a new epoch, under which its log is made whole.
                yield return _script.Ask(new SeatEffect.Promise(closed.Home.Token with { Epoch = closed.Home.Epoch + 1 }));
                _ = _script.Outcome<ShardHead>();
            }
            else
            {
                _changes.GiveUp(closed.Home, _config.Self);
            }
        }
        else if (Generation == generation && _view.KnownEpoch <= closed.Home.Epoch && !closed.LostLease && closed != _withoutLease)
        {
            // Neither lease nor epoch: the store, or another activation of this shard. (A lease may end by this process's count, and come back as it was.)
            Abandon();
        }

        _script.News();
    }

    /// <summary>What the store holds is damaged, and stays so until an operator replaces it: a region that has the log whole is to be home.</summary>
    private IEnumerable<SeatWait> Yield(string problem)
    {
        _script.Tell(new SeatEffect.Note(new SeatNote.Unreadable(problem)));
        _changes.LookAt(_script.Now + _config.UnreadableAgainAfter);
        if (Home is not null)
        {
            yield return _script.Ask(new SeatEffect.CloseHome("its store is damaged"));
            (Home, _isShown) = (null, false);
        }

        if (!_config.IsRow && Generation > 0 && Shard.Home.Region == _config.Self)
        {
            yield return _script.Ask(new SeatEffect.ReadHead());
            yield return _script.Do(YieldFrom(_script.TryOutcome<ShardHead>(out var head) ? ShardRole.Of(Topology, _config.Index, _config.Self, head) : null));
        }
    }

    /// <summary>The shard goes to another region, unless one that it was handed over to may serve.</summary>
    /// <param name="role">By what the store promised; null: that cannot be read either.</param>
    private IEnumerable<SeatWait> YieldFrom(ShardRole? role)
    {
        var shard = Shard;
        if (shard.Reserved is { } receiver && (role is not ShardRole.Home || !IsProven))
        {
            if (_view.HasEnded(receiver, out var revoked))
            {
                yield return _script.Do(_changes.Ask(new SeatChange.Claim(_config.Index, shard.Home, _config.Self, revoked)));
            }
        }
        else if (role is ShardRole.GivenAway given)
        {
            yield return _script.Do(_changes.Give(shard.Home, given.To));
        }
        else if ((role is ShardRole.Home || shard.Allotted == shard.Home.Epoch)
            && _config.Map.Prefer(_config.Index, region => region != _config.Self && _view.IsEligible(region)) is { } to)
        {
            _script.Tell(new SeatEffect.Note(new SeatNote.Yields(to)));
            yield return _script.Do(_changes.Give(shard.Home, to));
        }
    }

    /// <summary>The cluster's directory knows which activation counts.</summary>
    private void Abandon()
    {
        _script.Tell(new SeatEffect.Abandon());
        _script.End();
    }

    /// <param name="assignment">Under which epoch.</param>
    /// <param name="isWhole">The own log is all there is: it need not be recovered.</param>
    /// <param name="isHanded">Because the home before said so.</param>
    /// <param name="generation">The lease.</param>
    private IEnumerable<SeatWait> BecomeHome(HomeAssignment assignment, bool isWhole, bool isHanded, long generation)
    {
        var since = _script.Now;
        yield return _script.Do(StepBack($"it goes on as {assignment.Token}"));

        if (!isWhole)
        {
            yield return _script.Do(Recovery.Run(assignment.Token));

            if (!Recovery.IsWhole)
            {
                // The store may have been changed under the replica. If the topology still says the same in a while, this is tried again.
                yield return _script.Do(OpenReplica(LogPosition.Zero, null));

                _script.Tell(new SeatEffect.CatchUp());
                _changes.LookAt(_script.Now + _config.LookAgainAfter);
                yield break;
            }
        }

        yield return _script.Do(OpenHome(assignment, isHanded, generation));

        if (_isShown && (isHanded || !isWhole))
        {
            _script.Tell(new SeatEffect.Note(new SeatNote.Serves(assignment, isHanded, _script.Now - since)));
        }
    }

    private IEnumerable<SeatWait> OpenHome(HomeAssignment assignment, bool isHanded, long generation)
    {
        yield return _script.Ask(new SeatEffect.OpenHome(assignment, isHanded, generation));
        var outcome = _script.Outcome<object?>();
        if (outcome is SeatUnreadable unreadable)
        {
            // It is a replica until it can.
            _script.Tell(new SeatEffect.Note(new SeatNote.Unreadable(unreadable.Problem)));
            _changes.LookAt(_script.Now + _config.UnreadableAgainAfter);
            yield break;
        }

        if (outcome is not ISeatHome home)
        {
            _changes.LookAt(_script.Now + _config.LookAgainAfter);
            yield break;
        }

        (Home, _generation, _isShown) = (home, generation, false);
        yield return _script.Do(Show(home));
    }

    /// <summary>Waits until the home can serve, or something else is to be done, and lets it.</summary>
    private IEnumerable<SeatWait> Show(ISeatHome home)
    {
        _script.WatchesLog = true;
        var since = _script.Now;
        while (home is { IsReady: false, IsOpen: true } && Seat.MayAct(_view, _config.IsRow, _generation) && _view.KnownEpoch <= home.Home.Epoch)
        {
            // It may take as long as a majority is away, or is sent all records: until then this is a replica, which serves local reads.
            HasRole |= _script.Now >= since + _config.LookAgainAfter;
            yield return _script.Until(_script.Now + _config.RetryAfter);
        }

        _script.WatchesLog = false;

        if (home is { IsReady: true, IsOpen: true })
        {
            (_isShown, _replica) = (true, null);
            _script.Tell(new SeatEffect.ShowHome());
            _script.Tell(new SeatEffect.Hear(home.Home));
            _script.News();
        }
        else
        {
            _changes.LookAt(_script.Now + _config.RetryAfter);
        }
    }

    private IEnumerable<SeatWait> BecomeReplica(RegionId home, string reason)
    {
        yield return _script.Do(StepBack(reason));

        // The home may have nothing to send, and so not know that this replica must learn where it stands. What is said may be lost: until it is heard.
        if (_replica is { VerifiedEpoch: 0 } && _view.IsLinked(home) && _script.Now >= _announceAt)
        {
            _script.Tell(new SeatEffect.Announce(home));
            _announceAt = _script.Now + _announcePause;
            _announcePause *= 2;
        }

        if (_replica is { VerifiedEpoch: 0 } && _view.IsLinked(home))
        {
            _changes.LookAt(_announceAt);
        }
    }

    /// <summary>Not home, for now at least: a replica that goes on showing what was acknowledged here.</summary>
    private IEnumerable<SeatWait> StepBack(string reason)
    {
        if (Home is { } was)
        {
            // What it acknowledged until its lease ended, or until it promised the shard to another, is all that anybody had acknowledged by then.
            // Unless it opened with more than it had acknowledged again: then what is shown here is less than that.
            var actedUntil = was.IsHandingOver ? _handOver.PromisedAt : _config.IsRow ? null : _view.ActedUntilUnder(_generation);
            yield return _script.Ask(new SeatEffect.CloseHome(reason));
            _script.Check();
            (Home, _isShown) = (null, false);
            _before = _before.Then(was);
            yield return _script.Do(OpenReplica(_before.Acknowledged, _before.IsExact ? actedUntil : null));
        }
        else if (_replica is null)
        {
            yield return _script.Do(OpenReplica(LogPosition.Zero, null));
        }
    }

    private IEnumerable<SeatWait> OpenReplica(LogPosition committed, TimeSpan? freshAt)
    {
        (_replica, _announceAt, _announcePause) = (null, TimeSpan.Zero, _config.LookAgainAfter);
        yield return _script.Ask(new SeatEffect.OpenReplica(committed, freshAt));
        _replica = _script.Outcome<ISeatReplica>();
    }
}
