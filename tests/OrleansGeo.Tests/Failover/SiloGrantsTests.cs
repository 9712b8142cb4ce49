using System.Collections.Immutable;
using System.Net;
using Orleans.Runtime;
using OrleansGeo.Runtime.Failover;

namespace OrleansGeo.Tests.Failover;

/// <summary>What a region's control plane granted to silos that are dead, or are taken for it.</summary>
public sealed class SiloGrantsTests
{
    private static readonly SiloAddress One = SiloAddress.New(IPAddress.Loopback, 1, 1);
    private static readonly SiloAddress Two = SiloAddress.New(IPAddress.Loopback, 2, 1);

    private readonly Members _members = new();
    private readonly LeaseClock _clock = new(static () => TimeSpan.FromHours(1), static () => TimeSpan.FromHours(1));
    private readonly SiloGrants _grants;

    public SiloGrantsTests() => _grants = new(_members, _clock);

    [Fact]
    public void A_silo_that_is_dead_is_granted_nothing()
    {
        Assert.Equal(7, _grants.Grant(One, Reply(3000)).Generation);
        _members.Dead = [One];
        _members.Read();
        var reply = _grants.Grant(One, Reply(3000));
        Assert.Equal((0L, 0.0), (reply.Generation, reply.RemainingMs));
        Assert.Equal(7, _grants.Grant(Two, Reply(3000)).Generation);
    }

    [Fact]
    public async Task The_grants_of_the_dead_end_and_those_of_the_living_are_not_waited_for()
    {
        _grants.Grant(One, Reply(3000));
        _grants.Grant(Two, Reply(4000));
        Assert.Equal(TimeSpan.Zero, await _grants.EndOfDeadAsync());

        // In the table only: it is read when it is asked.
        _members.Dead = [One];
        Assert.Equal(_clock.Now + TimeSpan.FromSeconds(3), await _grants.EndOfDeadAsync());
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(TimeSpan.Zero, await _grants.EndOfDeadAsync());
    }

    /// <summary>A shorter answer later does not take back what was told before.</summary>
    [Fact]
    public async Task The_longest_grant_counts()
    {
        _grants.Grant(One, Reply(4000));
        _grants.Grant(One, Reply(0));
        _members.Dead = [One];
        Assert.Equal(_clock.Now + TimeSpan.FromSeconds(4), await _grants.EndOfDeadAsync());
    }

    [Fact]
    public async Task What_is_asked_while_the_members_are_read_waits_for_the_next_reading()
    {
        _grants.Grant(One, Reply(4000));
        _members.Gate = new();
        var first = _grants.EndOfDeadAsync();
        var gate = _members.Gate;
        var second = _grants.EndOfDeadAsync();
        var third = _grants.EndOfDeadAsync();
        _members.Dead = [One];
        _members.Gate = null;
        gate.SetResult();
        await first;
        Assert.Equal(_clock.Now + TimeSpan.FromSeconds(4), await second);
        Assert.Equal(_clock.Now + TimeSpan.FromSeconds(4), await third);
        Assert.Equal(2, _members.Reads);
    }

    private static FollowReply Reply(double remainingMs) => new(1, null, 7, remainingMs, [], IsTrusted: true);

    /// <summary>The members as they were read last, of which a test says who died.</summary>
    private sealed class Members : IClusterMembershipService
    {
        private ImmutableArray<SiloAddress> _known = [];

        public ImmutableArray<SiloAddress> Dead { get; set; } = [];

        public TaskCompletionSource? Gate { get; set; }

        public int Reads { get; private set; }

        public ClusterMembershipSnapshot CurrentSnapshot =>
            new(_known.ToImmutableDictionary(static silo => silo, static silo => new ClusterMember(silo, SiloStatus.Dead, "")), new(_known.Length));

        public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException();

        public void Read() => _known = Dead;

        public async ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default)
        {
            Reads++;
            var seen = Dead;
            if (Gate is { } gate)
            {
                await gate.Task;
            }

            _known = seen;
        }

        public Task<bool> TryKill(SiloAddress siloAddress) => throw new NotSupportedException();
    }
}
