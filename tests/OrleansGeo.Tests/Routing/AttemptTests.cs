using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Routing;

/// <summary>What the router makes of a reply.</summary>
[Collection(WorldCollection.Name)]
public sealed class AttemptTests(WorldFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly GeoTestCluster _world = fixture.World;

    [Fact]
    public async Task A_local_read_that_the_replica_cannot_serve_is_served_by_the_home()
    {
        var (_, away) = _world.HomeAndAway("test.cart", "behind");
        using var session = GeoSession.Begin(new());
        Assert.Equal(0, await ReadAfterAsync(away, "behind", new() { Kind = ReplyKind.Behind }, TimeProvider.System));
        Assert.True(session.Last!.Value.ServedByHome);
    }

    [Fact]
    public async Task An_activation_that_makes_way_is_asked_again_without_a_pause()
    {
        var (home, _) = _world.HomeAndAway("test.cart", "again");

        // No pause of this clock ever ends.
        Assert.Equal(0, await ReadAfterAsync(home, "again", new() { Kind = ReplyKind.Again }, new StandingTime()));
    }

    [Fact]
    public async Task The_time_that_a_call_took_before_its_first_attempt_counts()
    {
        var (home, _) = _world.HomeAndAway("test.cart", "late");
        using var session = GeoSession.Begin(new() { Deadline = TimeSpan.FromMinutes(1) });

        // No pause of this clock ever ends, and none is begun.
        var failed = await Assert.ThrowsAsync<GeoException>(() => ReadAfterAsync(home, "late", new() { Kind = ReplyKind.NotNow }, new StandingTime(), TimeSpan.FromSeconds(59.999)));
        Assert.Equal(GeoErrorCode.HomeUnavailable, failed.Code);
    }

    private static async Task<int> ReadAfterAsync(GeoTestRegion region, string key, GeoReply<int> first, TimeProvider time, TimeSpan gone = default)
    {
        var services = region.Services.First();
        var router = ActivatorUtilities.CreateInstance<GeoRouter>(services, time);
        var captured = CapturedCall.Of<ICart>(services, (GrainReference)services.GetRequiredService<IGrainFactory>().GetGrain<ICart>(key), static cart => cart.Count("book").AsTask());
        Assert.True(router.Policies.TryGet(captured.Reference.GrainId.Type, out var policy));
        var caller = Caller.Of(router, captured.Reference, captured.Request, isRead: true);
        caller = caller with { Since = caller.Since - (long)(gone.TotalSeconds * time.TimestampFrequency) };
        var attempts = new Attempts<int>(router, policy, captured.Reference, captured.Request, captured.Options, caller, isRead: true);
        return await attempts.RunAsync(first).AsTask().WaitAsync(Patience);
    }

    private sealed class StandingTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Standing();

        private sealed class Standing : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }

    /// <summary>That nothing happened is true of one attempt, and not of all of them.</summary>
    [Theory]
    [InlineData("north holds no lease: it does not write. Nothing happened; try again.", "north holds no lease: it does not write")]
    [InlineData("north is behind", "north is behind")]
    public void A_cause_says_nothing_of_what_happened(string message, string cause) =>
        Assert.Equal(cause, Attempts<int>.CauseOf(new(GeoErrorCode.RegionIsolated, message)));
}
