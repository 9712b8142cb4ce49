using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;
using OrleansGeo.Api.Errors;

namespace OrleansGeo.Tests.Api;

[Collection(ApiTests.Name)]
public sealed class ProblemTests(ApiHost host)
{
    private HttpClient Client => host.Client;

    [Theory]
    [InlineData(GeoErrorCode.HomeUnavailable, 503, "HomeUnavailable")]
    [InlineData(GeoErrorCode.DeadlineExceeded, 504, "DeadlineExceeded")]
    [InlineData(GeoErrorCode.NotHome, 503, "NotHome")]
    [InlineData(GeoErrorCode.IdempotencyMismatch, 409, "IdempotencyMismatch")]
    [InlineData(GeoErrorCode.TooLarge, 413, "TooLarge")]
    [InlineData(GeoErrorCode.TooManyRequests, 429, "TooManyRequests")]
    [InlineData(GeoErrorCode.NotForwardable, 500, "NotForwardable")]
    [InlineData(GeoErrorCode.ReadOnlyMethod, 500, "ReadOnlyMethod")]
    [InlineData(GeoErrorCode.InvariantBroken, 500, "InvariantBroken")]
    [InlineData(GeoErrorCode.InvalidConfiguration, 500, "InvalidConfiguration")]
    [InlineData(GeoErrorCode.RegionIsolated, 503, "RegionIsolated")]
    [InlineData(GeoErrorCode.UnknownRegion, 404, "UnknownRegion")]
    [InlineData(GeoErrorCode.LastRegion, 409, "LastRegion")]
    [InlineData(GeoErrorCode.UnknownLostWrite, 404, "UnknownLostWrite")]
    [InlineData(GeoErrorCode.EntityChanged, 409, "EntityChanged")]
    [InlineData(GeoErrorCode.CallCycle, 500, "CallCycle")]
    [InlineData(GeoErrorCode.EnumerationAborted, 503, "EnumerationAborted")]
    [InlineData(GeoErrorCode.None, 500, "Internal")]
    public async Task Every_error_has_its_code_and_status(GeoErrorCode error, int status, string code)
    {
        host.Router.Fail(ApiClient.Document("problems", $"geo-{error}"), new GeoError(error, "What happened, where, and what to do.").ToException());
        var responses = new[] { await Client.Get($"/v1/documents/problems/geo-{error}"), await Client.Put($"/v1/documents/problems/geo-{error}", "1") };
        foreach (var response in responses)
        {
            var problem = await response.ShouldFail((HttpStatusCode)status, code);
            Assert.Equal("What happened, where, and what to do.", problem.GetProperty("detail").GetString());
            Assert.Equal(status is 429 or 503 ? "1" : null, response.Header("Retry-After"));
            Assert.Equal("no-store", response.Header("Cache-Control"));
        }
    }

    /// <summary>There, ASP.NET Core has a page of its own for exceptions.</summary>
    [Fact]
    public async Task Errors_are_problems_in_the_development_environment_too()
    {
        var development = new ApiHost(Environments.Development);
        await development.InitializeAsync();
        try
        {
            development.Router.Fail(
                ApiClient.Document("problems", "development"), new GeoError(GeoErrorCode.RegionIsolated, "Alone.", TimeSpan.FromSeconds(2)).ToException());
            var response = await development.Client.Put("/v1/documents/problems/development", "1");
            await response.ShouldFail(HttpStatusCode.ServiceUnavailable, "RegionIsolated");
            Assert.Equal("2", response.Header("Retry-After"));
            development.Admin.Refuse("mars", GeoErrorCode.UnknownRegion);
            await (await development.Client.Send(HttpMethod.Post, "/v1/geo/regions/mars/drain", (HttpContent?)null)).ShouldFail(HttpStatusCode.NotFound, "UnknownRegion");
            await (await development.Client.Put("/v1/documents/problems/development", "{")).ShouldFail(HttpStatusCode.BadRequest, "InvalidDocument");
        }
        finally
        {
            await development.DisposeAsync();
        }
    }

    [Fact]
    public void Every_error_code_is_in_the_table() => Assert.All(
        Enum.GetValues<GeoErrorCode>().Except([GeoErrorCode.None]), static code => Assert.Equal(code.ToString(), ProblemKinds.Of(code).Code));

    [Theory]
    [InlineData(100, "1")]
    [InlineData(1000, "1")]
    [InlineData(1001, "2")]
    [InlineData(90_000, "90")]
    public async Task Retry_after_is_whole_seconds_upwards(int milliseconds, string expected)
    {
        host.Router.Fail(
            ApiClient.Document("problems", $"retry-{milliseconds}"),
            new GeoError(GeoErrorCode.HomeUnavailable, "Wait.", TimeSpan.FromMilliseconds(milliseconds)).ToException());
        Assert.Equal(expected, (await Client.Get($"/v1/documents/problems/retry-{milliseconds}")).Header("Retry-After"));
    }

    public static TheoryData<string, Exception> UnknownOutcomes => new()
    {
        { "timeout", new TimeoutException("secret-of-the-house") },
        { "silo", new SiloUnavailableException("secret-of-the-house") },
    };

    [Theory, MemberData(nameof(UnknownOutcomes))]
    public async Task A_lost_answer_admits_that_the_outcome_is_unknown(string name, Exception exception)
    {
        host.Router.Fail(ApiClient.Document("problems", name), exception);
        var problem = await (await Client.Put($"/v1/documents/problems/{name}", "1")).ShouldFail(HttpStatusCode.GatewayTimeout, "DeadlineExceeded");
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bug_tells_the_log_and_not_the_client()
    {
        var response = await Client.Get("/v1/tests/bug");
        var problem = await response.ShouldFail(HttpStatusCode.InternalServerError, "Internal");
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(" at ", problem.ToString(), StringComparison.Ordinal);
        var line = Assert.Single(host.Logs.Lines, static line => line.Contains("secret-of-the-house", StringComparison.Ordinal));
        Assert.StartsWith("Error OrleansGeo.Api", line, StringComparison.Ordinal);
        Assert.Contains("GET /v1/tests/bug", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/", 404, "NotFound")]
    [InlineData("GET", "/v1/nothing", 404, "NotFound")]
    [InlineData("GET", "/v1/documents/only-a-collection", 404, "NotFound")]
    [InlineData("POST", "/v1/documents/a/b", 405, "MethodNotAllowed")]
    [InlineData("PUT", "/v1/geo/topology", 405, "MethodNotAllowed")]
    [InlineData("DELETE", "/health/live", 405, "MethodNotAllowed")]
    [InlineData("BREW", "/v1/documents/a/b", 405, "MethodNotAllowed")]
    public async Task What_is_not_served_is_a_problem_too(string method, string path, int status, string code)
    {
        var response = await Client.Send(new HttpMethod(method), path, (HttpContent?)null);
        var problem = await response.ShouldFail((HttpStatusCode)status, code);
        Assert.Equal(path, problem.GetProperty("instance").GetString());
        if (status == 405)
        {
            Assert.NotEmpty(response.Content.Headers.Allow);
            Assert.All(response.Content.Headers.Allow, allowed => Assert.Contains(allowed, problem.GetProperty("detail").GetString(), StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_trace_of_the_caller_is_in_the_problem()
    {
        var response = await Client.Get("/v1/nothing", ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        var problem = await response.ShouldFail(HttpStatusCode.NotFound, "NotFound");
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", problem.GetProperty("traceId").GetString());
    }

    [Fact]
    public async Task A_client_that_leaves_is_not_news()
    {
        var held = host.Router.Hold(ApiClient.Document("problems", "abandoned"));
        await Abandon("GET /v1/documents/problems/abandoned HTTP/1.1\r\nHost: localhost\r\n\r\n", held.Entered);
        held.Release();
        await host.Ends.Of("/v1/documents/problems/abandoned");

        await Abandon(
            "PUT /v1/documents/problems/half-sent HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{", null);
        await host.Ends.Of("/v1/documents/problems/half-sent");

        Assert.DoesNotContain(host.Logs.Lines, static line => line.Contains("abandoned", StringComparison.Ordinal) || line.Contains("half-sent", StringComparison.Ordinal)
            || line.Contains("OperationCanceled", StringComparison.Ordinal) || line.Contains("BadHttpRequest", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NotFound, (await Client.Get("/v1/documents/problems/half-sent")).StatusCode);
    }

    private async Task Abandon(string request, Task? once)
    {
        using var tcp = new TcpClient { LingerState = new(true, 0) };
        await tcp.ConnectAsync(IPAddress.Loopback, Client.BaseAddress!.Port);
        await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        await (once ?? Task.CompletedTask);
    }
}
