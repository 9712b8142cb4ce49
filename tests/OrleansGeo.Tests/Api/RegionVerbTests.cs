using System.Net;

namespace OrleansGeo.Tests.Api;

[Collection(ApiTests.Name)]
public sealed class RegionVerbTests(ApiHost host)
{
    [Theory]
    [InlineData("drain", "its homes move away, planned; nothing comes back until it is restored")]
    [InlineData("restore", "it gets its preferred homes back, planned, as soon as it has caught up")]
    [InlineData("failover", "its homes are promoted elsewhere once its lease has ended; it stays drained until it is restored")]
    public async Task A_verb_is_accepted_and_says_what_was_decided_and_where_to_follow_it(string verb, string decided)
    {
        var response = await Post($"eastus2/{verb}");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("/v1/geo/topology", response.Header("Location"));
        Assert.Equal(
            $$"""{"region":"eastus2","verb":"{{verb}}","decided":"eastus2: {{decided}}.","topology":"/v1/geo/topology","events":"/v1/geo/events"}""",
            await response.Content.ReadAsStringAsync());
        Assert.Contains($"{verb} eastus2", host.Admin.Calls);
    }

    [Theory]
    [InlineData("mars", GeoErrorCode.UnknownRegion, 404)]
    [InlineData("lonely", GeoErrorCode.LastRegion, 409)]
    [InlineData("cut-off", GeoErrorCode.RegionIsolated, 503)]
    public async Task A_refusal_is_a_problem(string region, GeoErrorCode code, int status)
    {
        host.Admin.Refuse(region, code);
        foreach (var verb in (string[])["drain", "restore", "failover"])
        {
            var response = await Post($"{region}/{verb}");
            await response.ShouldFail((HttpStatusCode)status, code.ToString());
            Assert.Equal(status == 503 ? "1" : null, response.Header("Retry-After"));
        }
    }

    [Theory]
    [InlineData("Mars")]
    [InlineData("a%2Fb")]
    [InlineData("%20")]
    public async Task A_name_that_no_region_can_have_is_unknown(string region)
    {
        var problem = await (await Post($"{region}/drain")).ShouldFail(HttpStatusCode.NotFound, "UnknownRegion");
        Assert.Contains("use westeurope, eastus2, southeastasia", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verb_is_posted()
    {
        await (await host.Client.Get("/v1/geo/regions/eastus2/drain")).ShouldFail(HttpStatusCode.MethodNotAllowed, "MethodNotAllowed");
        await (await Post("eastus2/explode")).ShouldFail(HttpStatusCode.NotFound, "NotFound");
    }

    private Task<HttpResponseMessage> Post(string path) => host.Client.Send(HttpMethod.Post, $"/v1/geo/regions/{path}", (HttpContent?)null);
}
