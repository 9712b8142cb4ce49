using OrleansGeo.Runtime.Errors;

namespace OrleansGeo.Tests.Routing;

/// <summary>What an attempt ran into is told from what the grain answered.</summary>
public sealed class OwnFailureTests
{
    [Theory]
    [InlineData(GeoErrorCode.DeadlineExceeded)]
    [InlineData(GeoErrorCode.HomeUnavailable)]
    [InlineData(GeoErrorCode.RegionIsolated)]
    [InlineData(GeoErrorCode.CallCycle)]
    [InlineData(GeoErrorCode.TooManyRequests)]
    [InlineData(GeoErrorCode.TooStale)]
    [InlineData(GeoErrorCode.NotHome)]
    public void What_another_attempt_may_not_meet_is_no_answer(GeoErrorCode code)
    {
        var met = new GeoError(code, "Met.").ToException();
        Assert.True(OwnFailures.IsOurs(met, Request()));
        Assert.True(OwnFailures.IsOurs(new AggregateException(new InvalidOperationException(), met), Request()));
    }

    [Theory]
    [InlineData(GeoErrorCode.TooLarge)]
    [InlineData(GeoErrorCode.NotForwardable)]
    [InlineData(GeoErrorCode.IdempotencyMismatch)]
    [InlineData(GeoErrorCode.ReadOnlyMethod)]
    public void What_every_attempt_meets_is_an_answer(GeoErrorCode code) =>
        Assert.False(OwnFailures.IsOurs(new GeoError(code, "Met.").ToException(), Request()));

    [Fact]
    public void A_grains_own_exceptions_are_answers()
    {
        Assert.False(OwnFailures.IsOurs(new TimeoutException(), Request()));
        Assert.False(OwnFailures.IsOurs(new InvalidOperationException("own", new GeoError(GeoErrorCode.HomeUnavailable, "Met.").ToException()), Request()));
        Assert.False(OwnFailures.IsOurs(new OperationCanceledException(), Request()));
    }

    /// <summary>As the codes are documented. A new one has to be put to one side or the other.</summary>
    [Fact]
    public void All_but_these_codes_promise_that_nothing_happened() => Assert.Equal(
        [
            GeoErrorCode.None,
            GeoErrorCode.DeadlineExceeded,
            GeoErrorCode.TooLarge,
            GeoErrorCode.InvariantBroken,
            GeoErrorCode.InvalidConfiguration,
            GeoErrorCode.CallCycle,
            GeoErrorCode.EnumerationAborted,
        ],
        Enum.GetValues<GeoErrorCode>().Where(static code => !OwnFailures.SaysNothing(code)));

    [Fact]
    public void A_cancellation_is_no_answer_if_the_caller_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var request = Request(cancellation.Token);
        Assert.False(OwnFailures.IsOurs(new OperationCanceledException(), request));
        cancellation.Cancel();
        Assert.True(OwnFailures.IsOurs(new TaskCanceledException(), request));
    }

    private static CancellableRequest Request(CancellationToken cancellationToken = default) => new CancellableRequest(cancellationToken);
}
