using OrleansGeo.Runtime.Configuration;

namespace OrleansGeo.Tests.Hosting;

public sealed class GeoLimitsTests
{
    [Fact]
    public void What_a_shard_remembers_must_hold_more_than_a_few_of_the_largest_answers()
    {
        var validator = new GeoLimitsValidator();
        Assert.True(validator.Validate(null, new() { ResponseBytes = 1024, DeduplicationBytes = 64 * 1024 }).Succeeded);
        var refused = validator.Validate(null, new() { ResponseBytes = 1024, DeduplicationBytes = (64 * 1024) - 1, DeduplicationWindow = TimeSpan.Zero });
        Assert.Contains($"{nameof(GeoLimits.DeduplicationBytes)} is 65535: use at least 65536", refused.FailureMessage, StringComparison.Ordinal);
        Assert.Contains(nameof(GeoLimits.DeduplicationWindow), refused.FailureMessage, StringComparison.Ordinal);
    }

    /// <summary>What is forgotten early, because it is much, is forgotten no earlier than what a configured window may be.</summary>
    [Fact]
    public void A_request_is_remembered_for_longer_than_it_can_be_repeated_however_much_is_remembered() =>
        Assert.InRange(GeoLimits.LeastDeduplicationWindow, GeoCallOptions.LongestDeadline + TimeSpan.FromMinutes(1), new GeoLimits().DeduplicationWindow);
}
