using System.Security.Cryptography;

namespace OrleansGeo.Runtime.Failover;

/// <summary>Which silo of the region has which home, and until when it may act, as one run of the region's control plane granted it. Used on the control grain's scheduler only.</summary>
/// <remarks>
/// <para>Invariant: a home is begun on one silo when no other one can say any more that what it shows of the shard is fresh. The store keeps two activations from writing; it does not
/// keep one from being read.</para>
/// <para>The cluster promises less: it may take a silo for dead that lives, and begins a shard twice on silos that both live when the one that has the shard's entry in the directory
/// stops. So the silo that had the home is told that it has it no more. That counts from its next question, or when the last that it was granted before has ended.</para>
/// </remarks>
internal sealed class ShardGrants(LeaseClock clock, TimeProvider time, double driftMargin)
{
    private const int RunBits = 32;

    private readonly Dictionary<string, (SiloAddress Silo, long Claim)> _owners = [];
    private readonly Dictionary<SiloAddress, SiloGrant> _silos = [];
    private TaskCompletionSource _news = NewSignal();

    /// <summary>Above the lowest bits: which run it is. What was heard of another says nothing.</summary>
    private long _number = (long)RandomNumberGenerator.GetInt32(1, int.MaxValue) << RunBits;

    /// <summary>Completes when a silo is to be told that it has a home no more.</summary>
    public Task WhenNews => _news.Task;

    /// <summary>A silo has closed everything that it was told of up to a number.</summary>
    /// <returns>Whether there is more that it is to be told.</returns>
    public bool Heard(SiloAddress silo, long number)
    {
        var grant = Of(silo);
        if (number >> RunBits == _number >> RunBits)
        {
            grant.Heard(number);
        }

        return grant.Taken.Count > 0;
    }

    /// <summary>What a silo is told, and may act upon from then on.</summary>
    public FollowReply Grant(SiloAddress silo, FollowReply reply)
    {
        var grant = Of(silo);
        var until = clock.Now + (TimeSpan.FromMilliseconds(reply.RemainingMs) * (1 + driftMargin));
        grant.Until = grant.Until > until ? grant.Until : until;
        reply = reply with { Run = Run };
        return grant.Taken.Count == 0 ? reply : reply with { Taken = [.. grant.Taken.Select(static taken => taken.Shard)], TakenNumber = _number };
    }

    /// <summary>Which run this is, as it says it to silos: what they have of another one they claim again.</summary>
    public long Run => _number >> RunBits;

    /// <summary>Completes when a silo may begin a home: when no other one has it.</summary>
    /// <returns>The number of the claim, for <see cref="Release"/>.</returns>
    public async Task<long> ClaimAsync(string shard, SiloAddress silo, CancellationToken cancellationToken = default)
    {
        var claim = ++_number;
        while (_owners.TryGetValue(shard, out var owner) && !owner.Silo.Equals(silo))
        {
            await TakeAsync(shard, Of(owner.Silo), cancellationToken);

            // The same silo may have claimed it again meanwhile: what it closed is not what it has now.
            if (_owners.TryGetValue(shard, out var still) && still == owner)
            {
                _owners.Remove(shard);
            }
        }

        _owners[shard] = (silo, claim);
        Of(silo).Forget(shard);
        return claim;
    }

    /// <summary>A silo has closed a home, and does not open it again without another claim.</summary>
    public void Release(string shard, SiloAddress silo, long claim)
    {
        if (_owners.TryGetValue(shard, out var owner) && owner == (silo, claim))
        {
            _owners.Remove(shard);
            Of(silo).Forget(shard);
        }
    }

    /// <summary>What is granted from here on says that the silo has the home no more: so it ends with what was granted before.</summary>
    private async Task TakeAsync(string shard, SiloGrant grant, CancellationToken cancellationToken)
    {
        var taken = grant.Take(shard, ++_number);
        var news = _news;
        _news = NewSignal();
        news.SetResult();
        var remaining = grant.Until - clock.Now;
        if (remaining > TimeSpan.Zero)
        {
            await taken.WaitAsync(remaining, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private SiloGrant Of(SiloAddress silo)
    {
        if (!_silos.TryGetValue(silo, out var grant))
        {
            _silos.Add(silo, grant = new());
        }

        return grant;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
