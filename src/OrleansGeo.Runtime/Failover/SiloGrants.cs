namespace OrleansGeo.Runtime.Failover;

/// <summary>Until when each silo of the region may act, under what a run of its control plane granted. Not thread-safe.</summary>
/// <remarks>
/// The cluster may take a silo for dead that lives. It then begins the silo's shards on another one, under the same lease and epoch, while the first may still say that what it shows is
/// fresh. So a dead silo is granted nothing, and its shards begin elsewhere when the last that it was granted has ended: long before it is declared dead, as a rule.
/// </remarks>
internal sealed class SiloGrants(IClusterMembershipService members, LeaseClock clock)
{
    private readonly Dictionary<SiloAddress, TimeSpan> _until = [];
    private Task? _refreshing;
    private Task? _refreshingNext;

    /// <summary>What a silo is told, and may act upon from then on.</summary>
    public FollowReply Grant(SiloAddress silo, FollowReply reply)
    {
        if (IsDead(silo))
        {
            return reply with { Generation = 0, RemainingMs = 0 };
        }

        var until = clock.Now + TimeSpan.FromMilliseconds(reply.RemainingMs);
        _until[silo] = _until.TryGetValue(silo, out var before) && before > until ? before : until;
        return reply;
    }

    /// <summary>When the last grant of every silo that is dead by now has ended.</summary>
    public async Task<TimeSpan> EndOfDeadAsync()
    {
        await RefreshAsync();
        var end = TimeSpan.Zero;
        foreach (var (silo, until) in _until.Where(grant => IsDead(grant.Key)).ToList())
        {
            if (until <= clock.Now)
            {
                _until.Remove(silo);
            }
            else if (until > end)
            {
                end = until;
            }
        }

        return end;
    }

    private bool IsDead(SiloAddress silo) => members.CurrentSnapshot.GetSiloStatus(silo) == SiloStatus.Dead;

    /// <summary>Reads the members, after this was asked: a shard begins elsewhere when its silo's death is in there. One question at a time, for all that came before it.</summary>
    private Task RefreshAsync() => _refreshing is not { IsCompleted: false } refreshing ? _refreshing = members.Refresh().AsTask() : _refreshingNext ??= RefreshAfterAsync(refreshing);

    private async Task RefreshAfterAsync(Task refreshing)
    {
        await refreshing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        (_refreshing, _refreshingNext) = (members.Refresh().AsTask(), null);
        await _refreshing;
    }
}
