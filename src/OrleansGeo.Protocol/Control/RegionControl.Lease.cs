using OrleansGeo.Protocol.Leases;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Control;

/// <summary>The own lease.</summary>
public sealed partial class RegionControl
{
    private readonly RegisterClient _lease;
    private TimeSpan _heldSince;
    private TimeSpan _renewAt;
    private long _attempts;
    private bool _isSuspended;

    /// <summary>The generation of the lease that this region holds; 0 while it holds none.</summary>
    public long Generation { get; private set; }

    /// <summary>When the lease ends unless it is renewed, counted from before the last renewal was sent.</summary>
    public TimeSpan ValidUntil { get; private set; }

    /// <summary>Why the lease was lost last, in words; null while it is held.</summary>
    public string? LostBecause { get; private set; } = "it was not acquired yet";

    public bool HoldsLease(TimeSpan now) => Generation > 0 && now < ValidUntil;

    /// <summary>Stops to act at once and tells the others, so that they need not wait. Until <see cref="Resume"/>, no lease is acquired.</summary>
    public void GiveUp(string reason, TimeSpan now)
    {
        _isSuspended = true;
        Release(reason, now);
        Tick(now);
    }

    /// <summary>What made this region give its lease up has passed.</summary>
    public void Resume(TimeSpan now)
    {
        _isSuspended = false;
        Tick(now);
    }

    /// <summary>An operator failed this region over: it stays without a lease until its homes are elsewhere.</summary>
    private bool IsEvicted => Topology.StateOf(Self) is { Generation: > 0 } state && state.EvictedThrough >= state.Generation && Topology.Involves(Self);

    private void TickLease(TimeSpan now)
    {
        if (Generation > 0 && now >= ValidUntil)
        {
            Lose("no majority of regions renewed it in time");
            _lease.Abandon();
        }

        if (Generation > 0 && Generation <= Topology.StateOf(Self).EvictedThrough)
        {
            Release("an operator failed this region over", now);
        }

        Arm(_lease, now);
        if (!_lease.IsBusy)
        {
            if (Generation == 0 && !_isSuspended && !IsEvicted)
            {
                Acquire(now);
            }
            else if (Generation > 0 && now >= _renewAt)
            {
                Renew(now);
            }
        }

        Arm(_lease, now);
        if (Generation > 0)
        {
            Arm(ValidUntil);
            if (!_lease.IsBusy)
            {
                Arm(_renewAt);
            }
        }
    }

    /// <summary>Whoever held the lease before was an earlier run of this region, and its store is open here now: it has ended.</summary>
    private void Acquire(TimeSpan now) => _lease.Start(
        bytes => Value(LeaseValue.Decode(bytes).Generation + 1, isHeld: true).Encode(),
        outcome =>
        {
            Generation = LeaseValue.Decode(outcome.Value).Generation;
            LostBecause = null;
            _heldSince = outcome.Began;
            Hold(outcome.Began);
        },
        now);

    private void Renew(TimeSpan now)
    {
        var generation = Generation;
        _lease.Start(
            bytes => LeaseValue.Decode(bytes) is { IsHeld: true } held && held.Generation == generation && held.Boot == _config.Boot
                ? Value(generation, isHeld: true).Encode()
                : null,
            outcome =>
            {
                if (Generation != generation)
                {
                    return;
                }

                if (outcome.Changed)
                {
                    Hold(outcome.Began);
                }
                else
                {
                    Lose("another region revoked it");
                }
            },
            now);
    }

    private void Release(string reason, TimeSpan now)
    {
        var generation = Generation;
        if (generation == 0)
        {
            return;
        }

        Lose(reason);
        _lease.Abandon();
        _lease.Start(
            bytes => LeaseValue.Decode(bytes) is { IsHeld: true } held && held.Generation == generation ? Value(generation, isHeld: false).Encode() : null,
            static _ => { },
            now);
    }

    private void Hold(TimeSpan began)
    {
        ValidUntil = began + _config.LeaseDuration;
        _renewAt = began + _config.RenewalInterval;
    }

    private void Lose(string reason)
    {
        Generation = 0;
        LostBecause = reason;
    }

    private LeaseValue Value(long generation, bool isHeld) => new(generation, isHeld, _config.Boot, ++_attempts, _config.LeaseDuration);
}
