using Microsoft.Extensions.Options;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.Failover;

/// <summary>Whether this silo may act for its region as home, by its own clock. Read before every acknowledgement.</summary>
/// <remarks>Invariant 2: a lease generation that is valid now, and that the decided topology names. The time was counted from when the silo asked.</remarks>
internal sealed class RegionAuthority : IDisposable
{
    /// <summary>Within this time a cluster declares a silo dead that does not answer: three probes of 20 s at the longest, and what follows.</summary>
    private static readonly TimeSpan ClusterNotices = TimeSpan.FromMinutes(2);

    private readonly RegionId _self;
    private readonly CurrentTopology _topology;
    private readonly LeaseClock _clock;
    private readonly ITimer _expiry;
    private readonly TimeSpan _patience;
    private readonly TimeSpan _startGrace;
    private volatile Held _held = new(0, TimeSpan.Zero);
    private volatile RegionHealth[] _regions = [];
    private volatile FollowReply? _told;
    private long _lostAtTicks;
    private volatile Held? _ended;
    private volatile bool _isUnheard;

    public RegionAuthority(CurrentTopology topology, LeaseClock clock, TimeProvider time, IOptions<GeoOptions> options, IOptions<FailoverOptions> failover)
    {
        (_topology, _clock, _self) = (topology, clock, options.Value.Self);
        (_patience, _startGrace) = (failover.Value.LeaseDuration, failover.Value.StartGrace);
        _expiry = time.CreateTimer(_ => Expired(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        // A process that starts is not cut off because it has no lease yet.
        _lostAtTicks = (clock.Now + _startGrace).Ticks;
        topology.Changed += Tell;
    }

    /// <summary>The lease, or the topology, or what is known of other regions changed.</summary>
    public event Action? Changed;

    /// <summary>The generation under which this silo may act now; 0: it may not.</summary>
    public long Generation
    {
        get
        {
            var held = _held;
            return held.Generation > 0 && _clock.Now < held.Until && _topology.Decided.StateOf(_self).Generation == held.Generation ? held.Generation : 0;
        }
    }

    /// <summary>
    /// Whether the region has been without a lease for so long that it is surely cut off, and its callers should be told. Its control plane says so: one that
    /// does not answer, because its silo died, is another silo's as soon as the cluster has noticed, and is waited for; so is one that begins there.
    /// </summary>
    public bool IsIsolated => !HoldsLease
        && _clock.Now.Ticks - Volatile.Read(ref _lostAtTicks) > (_told is null or { Generation: 0 } ? _patience : ClusterNotices).Ticks;

    /// <summary>Whether the region's control plane does not answer: it hangs, it moves to another silo, or nothing of the region is left.</summary>
    public bool IsUnheard => _isUnheard;

    /// <summary>Whether the region's store counts as one that holds all that it held. Stays so when the region is cut off.</summary>
    public bool IsTrusted => _told is { IsTrusted: true };

    /// <summary>Whether it is known to hold that, and not only its operator's word.</summary>
    public bool IsProven => _told is { IsTrusted: true, IsForced: false };

    /// <summary>Whether the region's own rows may be opened.</summary>
    public bool OwnsRows => _told is { OwnsRows: true };

    /// <summary>Whether what the region's store holds may be shown: it holds all that it held, as far as anybody can know.</summary>
    public bool MayShow => _told is { IsTrusted: true } or { MayShow: true };

    /// <summary>Whether it is known that nothing may be shown: the homes are asked instead.</summary>
    public bool MustAskHomes => _told is { IsTrusted: false, MayShow: false };

    /// <summary>Until when, by the lease clock, nobody but this region can have been home of what it was home of; null: it never was.</summary>
    public TimeSpan? ActedUntil => _held is { Generation: > 0 } held ? End(held) : _ended is { } ended ? ended.Until : null;

    /// <summary>The same for what it was home of under a generation of its lease; null: that is not known any more.</summary>
    public TimeSpan? ActedUntilUnder(long generation) => _held is var held && held.Generation == generation ? End(held)
        : _ended is { } ended && ended.Generation == generation ? ended.Until
        : null;

    public RegionHealth HealthOf(RegionId region)
    {
        var regions = _regions;
        var index = _topology.Value.Regions.IndexOf(region);
        return index >= 0 && index < regions.Length ? regions[index] : new(false, false, 0, -1);
    }

    /// <summary>Whether the lease under which the topology knows the region has surely ended.</summary>
    public bool HasEnded(RegionId region, out long generation)
    {
        generation = HealthOf(region).Ended;
        return generation >= 0 && generation >= _topology.Decided.StateOf(region).Generation;
    }

    private bool HoldsLease => _held is { Generation: > 0 } held && _clock.Now < held.Until;

    /// <summary>The control plane did not answer.</summary>
    public void HearNothing() => _isUnheard = true;

    /// <param name="asked">When the control plane was asked.</param>
    /// <param name="reply">What it said.</param>
    public void Learn(TimeSpan asked, FollowReply reply)
    {
        var (before, held, regions, told, wasIsolated) = (_held, HoldsLease, _regions, _told, IsIsolated);
        _isUnheard = false;
        _regions = reply.Regions;
        if (before.Generation > 0 && reply.Generation != before.Generation)
        {
            _ended = new(before.Generation, End(before));
        }

        if (reply.Generation == 0 && !wasIsolated && told is not null && reply.Run != told.Run)
        {
            Volatile.Write(ref _lostAtTicks, (_clock.Now + _startGrace).Ticks);
        }
        else if (before.Generation > 0 && reply.Generation == 0)
        {
            Volatile.Write(ref _lostAtTicks, _clock.Now.Ticks);
        }

        _held = new(reply.Generation, asked + TimeSpan.FromMilliseconds(reply.RemainingMs));
        if (reply.Generation > 0)
        {
            _expiry.Change(TimeSpan.FromMilliseconds(reply.RemainingMs + 1), Timeout.InfiniteTimeSpan);
        }

        // A renewal that came after this silo's own count had ended is news, too: whoever stepped back may act again.
        // So is the end of another region's lease: what that region was handing over here may be claimed.
        var isNews = before.Generation != reply.Generation || held != HoldsLease
            || told?.IsTrusted != reply.IsTrusted || told.IsForced != reply.IsForced || told.OwnsRows != reply.OwnsRows || told.MayShow != reply.MayShow
            || !regions.Select(static region => region.Ended).SequenceEqual(reply.Regions.Select(static region => region.Ended));
        _told = reply with { Topology = null };
        if (isNews)
        {
            Tell();
        }
    }

    public void Dispose()
    {
        _topology.Changed -= Tell;
        _expiry.Dispose();
    }

    private void Expired()
    {
        if (!HoldsLease)
        {
            Volatile.Write(ref _lostAtTicks, Math.Max(Volatile.Read(ref _lostAtTicks), _held.Until.Ticks));
            Tell();
        }
    }

    private TimeSpan End(Held held) => held.Until < _clock.Now ? held.Until : _clock.Now;

    private void Tell() => Changed?.Invoke();

    private sealed record Held(long Generation, TimeSpan Until);
}
