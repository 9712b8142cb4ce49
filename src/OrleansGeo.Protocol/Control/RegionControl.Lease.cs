using OrleansGeo.Protocol.Leases;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Control;

/// <summary>The own lease.</summary>
public sealed partial class RegionControl
{
    private readonly RegisterClient _lease;
    private TimeSpan _heldSince;
    private TimeSpan _renewAt;
    private TimeSpan _nextAcquire;
    private long _attempts;
    private string? _suspended;

    /// <summary>The generation of the lease that this region holds; 0 while it holds none.</summary>
    public long Generation { get; private set; }

    /// <summary>When the lease ends unless it is renewed, counted from before the last renewal was sent.</summary>
    public TimeSpan ValidUntil { get; private set; }

    /// <summary>Why the lease was lost last, in words; null while it is held.</summary>
    public string? LostBecause { get; private set; } = "it was not acquired yet";

    public bool HoldsLease(TimeSpan now) => Generation > 0 && now < ValidUntil;

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
        _suspended = null;
        Tick(now);
    }

    /// <summary>An operator failed this region over: it stays without a lease until its homes are elsewhere, or it is restored.</summary>
    private bool IsEvicted => Topology.StateOf(Self).IsEvicted && Topology.Involves(Self);

    private void TickLease(TimeSpan now)
    {
        if (Generation > 0 && now >= ValidUntil)
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
            if (Generation == 0 && _suspended is null && !IsEvicted && now >= _nextAcquire)
            {
                Acquire(now);
            }
            else if (Generation > 0 && now >= _renewAt)
            {
                Renew(now);
            }
        }

        Arm(_lease, now);
        if (now < _nextAcquire)
        {
            Arm(_nextAcquire);
        }

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
        bytes => Held(LeaseValue.Decode(bytes).Generation + 1).Encode(),
        outcome =>
        {
            Generation = LeaseValue.Decode(outcome.Value).Generation;
            LostBecause = null;
            _heldSince = outcome.Began;
            Hold(outcome.Began);
        },
        (exception, at) =>
        {
            LostBecause = $"its lease cannot be acquired: {exception.Message}";
            _nextAcquire = at + _config.AttemptTimeout;
            Report(RegisterNames.LeaseOf(Self), exception);
        },
        now);

    private void Renew(TimeSpan now)
    {
        var generation = Generation;
        _lease.Start(
            bytes => LeaseValue.Decode(bytes) is { IsHeld: true } held && held.Generation == generation && held.Boot == _config.Boot
                ? Held(generation).Encode()
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
        LostBecause = Generation > 0 ? reason : LostBecause;
        Generation = 0;
        _lease.Abandon();
    }

    private LeaseValue Held(long generation) => new(generation, true, _config.Boot, ++_attempts, _config.LeaseDuration);
}
