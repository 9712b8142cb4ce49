using System.Net;

namespace OrleansGeo.Tests.Api;

[Collection(ApiTests.Name)]
public sealed class HealthTests(ApiHost host)
{
    [Fact]
    public async Task A_region_that_serves_is_live_and_ready()
    {
        Assert.Equal("healthy", (await (await host.Client.Get("/health/live")).Body()).GetProperty("status").GetString());

        var ready = await host.Client.Get("/health/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        var body = await ready.Body();
        Assert.Equal("healthy", body.GetProperty("status").GetString());
        Assert.Equal(["region", "background", "writes-quorum", "writes-region", "writes-multi-writer"], body.GetProperty("checks").EnumerateArray().Select(static check => check.GetProperty("name").GetString()));
    }

    /// <summary>The region serves all the same, so it stays in use. How it failed is not said: that may name addresses.</summary>
    [Fact]
    public async Task A_region_whose_background_work_has_failed_for_a_while_is_degraded_and_says_what_that_means()
    {
        host.Background.Failing = [new("probe", "of eastus2 at 10.9.8.7:30000", TimeSpan.FromSeconds(12), 7, "10.9.8.7:30000 refused", "what is read here gets staler")];
        try
        {
            var ready = await host.Client.Get("/health/ready");
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
            var body = await ready.Body();
            Assert.Equal("degraded", body.GetProperty("status").GetString());
            Assert.Equal("The loop 'probe' has failed for 12 s. Until it works again, what is read here gets staler. The log says how it failed.", body.GetProperty("checks")[1].GetProperty("detail").GetString());

            host.Background.Failing = [host.Background.Failing[0] with { For = TimeSpan.FromSeconds(2) }];
            Assert.Equal("healthy", (await (await host.Client.Get("/health/ready")).Body()).GetProperty("status").GetString());
        }
        finally
        {
            host.Background.Failing = [];
        }
    }

    [Fact]
    public async Task A_region_whose_writes_another_one_cannot_read_is_ready_and_says_so()
    {
        host.World.Problem = "It cannot read the log of 3 shards.";
        try
        {
            var ready = await host.Client.Get("/health/ready");
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
            var body = await ready.Body();
            Assert.Equal("degraded", body.GetProperty("status").GetString());
            Assert.EndsWith("eastus2 cannot follow. It cannot read the log of 3 shards.", body.GetProperty("checks")[0].GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            host.World.Problem = null;
        }
    }

    /// <summary>A region that is cut off still takes some writes: each kind is spoken of apart.</summary>
    [Fact]
    public async Task A_region_that_cannot_take_one_kind_of_writes_stays_in_use_and_says_which()
    {
        host.World.RowProblem = "its store was not compared yet";
        try
        {
            var ready = await host.Client.Get("/health/ready");
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
            var body = await ready.Body();
            Assert.Equal("degraded", body.GetProperty("status").GetString());
            var checks = body.GetProperty("checks").EnumerateArray().Select(static check => (Name: check.GetProperty("name").GetString(), Status: check.GetProperty("status").GetString(), Detail: check.GetProperty("detail").GetString())).ToList();
            Assert.Equal(("writes-multi-writer", "degraded", "Writes of multi-writer entities: its store was not compared yet."), Assert.Single(checks, static check => check.Status != "healthy"));
        }
        finally
        {
            host.World.RowProblem = null;
        }
    }

    [Fact]
    public async Task A_region_that_does_not_serve_is_live_and_not_ready()
    {
        host.World.IsUp = false;
        try
        {
            await ShouldBeUnready("its store has failed");
            Assert.Equal(HttpStatusCode.OK, (await host.Client.Get("/health/live")).StatusCode);
        }
        finally
        {
            host.World.IsUp = true;
        }
    }

    [Fact]
    public async Task A_region_that_the_topology_does_not_have_is_not_ready()
    {
        host.World.IsKnown = false;
        try
        {
            await ShouldBeUnready("not a region of the topology");
        }
        finally
        {
            host.World.IsKnown = true;
        }
    }

    private async Task ShouldBeUnready(string reason)
    {
        var ready = await host.Client.Get("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("1", ready.Header("Retry-After"));
        Assert.Equal("no-store", ready.Header("Cache-Control"));
        var body = await ready.Body();
        Assert.Equal("unhealthy", body.GetProperty("status").GetString());
        Assert.Contains(reason, body.GetProperty("checks")[0].GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
