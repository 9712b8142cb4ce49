using OrleansGeo.Protocol.Leases;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Control;

/// <summary>The own lease.</summary>
internal sealed partial class RegionControl
{
    private readonly RegisterClient _lease;
    private TimeSpan _heldSince;
    private TimeSpan _renewAt;
    private TimeSpan _nextAcquire;
    private long _attempts;
    private string? _suspended;
    private readonly LeaseObservation _earlier;
    private readonly TimeSpan _began;
    private TimeSpan _actsFrom;
    private bool _sawLease;
    private long _acquired;
    private long _generation;

    /// <summary>The generation of the lease under which this region may act; 0: it holds none, or an earlier run's has not surely ended yet.</summary>
    public long Generation => _lastTick >= _actsFrom ? _generation : 0;

    /// <summary>When what an earlier run of this region granted has surely ended, whether or not this one has acquired the lease.</summary>
    public TimeSpan EarlierEndsAt => !_config.IsStoreShared ? TimeSpan.Zero
        : _acquired > 0 ? _actsFrom
        : _sawLease ? EndOfSeen
        : _began + (_config.LeaseDuration * (1 + _config.DriftMargin));

    /// <summary>
    /// A later run of this region acquired the lease, which this run had: it ends for good. Two runs that took turns would allot new epochs, and close the homes, each time.
    /// </summary>
    public bool IsSuperseded { get; private set; }

    /// <summary>When the lease ends unless it is renewed, counted from before the last renewal was sent.</summary>
    public TimeSpan ValidUntil { get; private set; }

    /// <summary>Why the lease was lost last, in words; null while it is held.</summary>
    public string? LostBecause { get; private set; } = "it was not acquired yet";

    public bool HoldsLease(TimeSpan now) => _generation > 0 && now >= _actsFrom && now < ValidUntil;

    /// <summary>Stops to act at once. Until <see cref="Resume"/>, no lease is acquired.</summary>
    /// <remarks>The lease is left to run out: silos were told how long it lasts, and may count on that until then. So nobody takes over earlier.</remarks>
    public void GiveUp(string reason, TimeSpan now)
    {
        _suspended = reason;
        Lose(reason);
        Tick(now);
    }

    /// <summary>What made this region give its lease up has passed.</summary>
    public void Resume(TimeSpan now)
    {
        _suspended = IsSuperseded ? _suspended : null;
        Tick(now);
    }

    /// <summary>An operator failed this region over: it stays without a lease until its homes are elsewhere, or it is restored.</summary>
    private bool IsEvicted => Topology.StateOf(Self).IsEvicted && Topology.Involves(Self);

    private void TickLease(TimeSpan now)
    {
        if (_generation > 0 && now >= ValidUntil)
        {
            Lose("no majority of regions renewed it in time");
        }

        if (IsEvicted)
        {
            Lose("an operator failed this region over");
        }

        if (_suspended is not null)
        {
            // It was being acquired when this region gave up.
            Lose(_suspended);
        }

        Arm(_lease, now);
        if (!_lease.IsBusy)
        {
            if (_generation == 0 && _suspended is null && !IsEvicted && now >= _nextAcquire)
            {
                Acquire(now);
            }
            else if (_generation > 0 && now >= _renewAt)
            {
                Renew(now);
            }
        }

        Arm(_lease, now);
        if (now < _nextAcquire)
        {
            Arm(_nextAcquire);
        }

        if (_generation > 0)
        {
            Arm(ValidUntil);
            if (now < _actsFrom)
            {
                Arm(_actsFrom);
            }

            if (!_lease.IsBusy)
            {
                Arm(_renewAt);
            }
        }
    }

    /// <summary>Takes the lease from an earlier run, which finds that out at its next renewal. What that one granted is waited for, if its process may still live.</summary>
    private void Acquire(TimeSpan now)
    {
        var found = default(LeaseValue);
        _lease.Start(
            bytes =>
            {
                found = LeaseValue.Decode(bytes);
                return IsLaterRun(found, _acquired) ? null : Held(found.Generation + 1).Encode();
            },
            outcome =>
            {
                if (!outcome.Changed)
                {
                    Supersede();
                    return;
                }

                _generation = _acquired = LeaseValue.Decode(outcome.Value).Generation;
                LostBecause = null;
                _heldSince = outcome.Began;
                _actsFrom = _config.IsStoreShared ? EndOfEarlier(found) : TimeSpan.Zero;
                Hold(outcome.Began);
            },
            (exception, at) =>
            {
                LostBecause = $"its lease cannot be acquired: {exception.Message}";
                _nextAcquire = at + _config.AttemptTimeout;
                Report(RegisterNames.LeaseOf(Self), exception);
            },
            now);
    }

    /// <summary>This run held the lease, and another one acquired it afterwards.</summary>
    private bool IsLaterRun(LeaseValue found, long acquired) => acquired > 0 && found.Generation > acquired && found.Boot != _config.Boot;

    private void Supersede()
    {
        IsSuperseded = true;
        _suspended = "another silo of the region runs its control plane now";
        Lose(_suspended);
    }

    /// <summary>When the lease of an earlier run has surely ended, by this run's clock: like another region's, it counts from when it was seen first.</summary>
    /// <remarks>What was found may be an own attempt that failed half way. The earlier run's last renewal was seen before that.</remarks>
    private TimeSpan EndOfEarlier(LeaseValue found) =>
        found.Boot != _config.Boot && found != _earlier.Value ? (found.IsHeld ? _lastTick + (found.Duration * (1 + _config.DriftMargin)) : TimeSpan.Zero)
        : EndOfSeen;

    private TimeSpan EndOfSeen => _earlier.Value.IsHeld ? _earlier.EndsAt(_config.DriftMargin) : TimeSpan.Zero;

    private void SeeEarlier(RegionId from, RegisterReply reply, TimeSpan now)
    {
        // The own store takes each renewal before any other region sees it.
        _sawLease |= from == Self;
        if (LeaseValue.TryDecode(reply.State.Value, out var held, out _) && held.Boot != _config.Boot)
        {
            _earlier.See(reply.State, reply.Age, now);
        }
    }

    private void Renew(TimeSpan now)
    {
        var generation = _generation;
        _lease.Start(
            bytes => LeaseValue.Decode(bytes) is { IsHeld: true } held && held.Generation == generation && held.Boot == _config.Boot
                ? Held(generation).Encode()
                : null,
            outcome =>
            {
                if (_generation != generation)
                {
                    return;
                }

                if (outcome.Changed)
                {
                    Hold(outcome.Began);
                }
                else if (IsLaterRun(LeaseValue.Decode(outcome.Value), generation))
                {
                    Supersede();
                }
                else
                {
                    Lose("another region revoked it");
                }
            },
            (exception, at) =>
            {
                // Perhaps it was revoked: without a renewal it ends in time, whatever is there.
                _renewAt = at + _config.AttemptTimeout;
                Report(RegisterNames.LeaseOf(Self), exception);
            },
            now);
    }

    private void Hold(TimeSpan began)
    {
        ValidUntil = began + _config.LeaseDuration;
        _renewAt = began + _config.RenewalInterval;
    }

    /// <summary>An attempt under way may still succeed in the register; here it counts for nothing.</summary>
    private void Lose(string reason)
    {
        LostBecause = _generation > 0 ? reason : LostBecause;
        _generation = 0;
        _lease.Abandon();
    }

    private LeaseValue Held(long generation) => new(generation, true, _config.Boot, ++_attempts, _config.LeaseDuration);
}
