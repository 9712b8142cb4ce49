using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Routing;

[Collection(WorldCollection.Name)]
public sealed class DeadlineTests(WorldFixture fixture) : IDisposable
{
    private readonly GeoTestCluster _world = fixture.World;

    public void Dispose() => Hanging.End();

    [Fact]
    public async Task A_response_timeout_on_the_method_is_its_deadline()
    {
        var failed = await Assert.ThrowsAsync<GeoException>(() => _world.Regions.First().Grains.GetGrain<IErrand>("timeout").Never());
        Assert.Equal(GeoErrorCode.DeadlineExceeded, failed.Code);
        Assert.Contains("within 0.7 s", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sessions_deadline_comes_before_the_methods()
    {
        using var session = GeoSession.Begin(new() { Deadline = TimeSpan.FromSeconds(0.2) });
        var failed = await Assert.ThrowsAsync<GeoException>(() => _world.Regions.First().Grains.GetGrain<IErrand>("sooner").Never());
        Assert.Contains("within 0.2 s", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_nested_call_has_no_more_time_than_is_left_of_the_request()
    {
        var errand = _world.Regions.First().Grains.GetGrain<IErrand>("nested");
        using var session = GeoSession.Begin(new() { Deadline = TimeSpan.FromSeconds(2), RequestKey = "in-vain" });
        Task<string> asking = errand.AskInVain("nested-blocked");
        await Assert.ThrowsAsync<GeoException>(() => asking);

        // The request ended when its deadline did, although the call that it made has none of its own.
        using var next = GeoSession.Begin(new() { Deadline = TimeSpan.FromSeconds(20) });
        await errand.Append("nested-after", "went on");
    }

    [Fact]
    public void A_deadline_that_outlasts_a_homes_memory_is_refused()
    {
        var refused = Assert.Throws<ArgumentException>(() => GeoSession.Begin(new() { Deadline = GeoCallOptions.LongestDeadline + TimeSpan.FromMilliseconds(1) }));
        Assert.Contains("twice", refused.Message, StringComparison.Ordinal);
        GeoSession.Begin(new() { Deadline = GeoCallOptions.LongestDeadline }).Dispose();
    }

    [Fact]
    public void A_home_must_remember_a_request_for_longer_than_it_may_be_repeated()
    {
        var validator = new GeoLimitsValidator();
        Assert.True(validator.Validate(null, new()).Succeeded);
        var refused = validator.Validate(null, new() { DeduplicationWindow = GeoCallOptions.LongestDeadline });
        Assert.Contains(nameof(GeoLimits.DeduplicationWindow), refused.FailureMessage, StringComparison.Ordinal);
    }
}
