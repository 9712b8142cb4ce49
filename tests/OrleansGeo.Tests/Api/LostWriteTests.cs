using System.Net;

namespace OrleansGeo.Tests.Api;

[Collection(ApiTests.Name)]
public sealed class LostWriteTests(ApiHost host)
{
    [Fact]
    public async Task The_ledger_is_listed()
    {
        var body = await (await host.Client.Get("/v1/geo/lost-writes")).Body();
        string[] items =
        [
            """{"id":"westeurope-1-7","region":"westeurope","shard":"r-07","entity":"drill-region/x","request":"00112233445566778899aabbccddeeff","epoch":3,"position":7,"states":["drill"],"state":"lost"}""",
            """{"id":"westeurope-1-8","region":"westeurope","shard":"r-07","entity":"drill-region/x","request":null,"epoch":3,"position":7,"states":["drill"],"state":"superseded"}""",
        ];
        Assert.Equal(items, body.GetProperty("items").EnumerateArray().Select(static item => item.GetRawText()));
        Assert.Equal("""[{"shard":"r-01","region":"southeastasia","epoch":3,"fromPosition":42}]""", body.GetProperty("suspected").GetRawText());
        Assert.Equal("""["southeastasia"]""", body.GetProperty("unreachable").GetRawText());
    }

    [Theory]
    [InlineData("replay", "replay", "replayed")]
    [InlineData("replay?overwrite=false", "replay", "replayed")]
    [InlineData("replay?overwrite=true", "replay-over", "replayed")]
    [InlineData("discard", "discard", "discarded")]
    public async Task A_lost_write_is_dealt_with(string path, string call, string state)
    {
        var response = await Post($"w-2-5/{path}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(state, (await response.Body()).GetProperty("state").GetString());
        Assert.Contains($"{call} w-2-5", host.Admin.Calls);
    }

    [Theory]
    [InlineData("w-0-0", GeoErrorCode.UnknownLostWrite, 404)]
    [InlineData("w-0-1", GeoErrorCode.EntityChanged, 409)]
    [InlineData("w-0-2", GeoErrorCode.RegionIsolated, 503)]
    public async Task A_refusal_is_a_problem(string id, GeoErrorCode code, int status)
    {
        host.Admin.Refuse(id, code);
        await (await Post($"{id}/replay")).ShouldFail((HttpStatusCode)status, code.ToString());
        await (await Post($"{id}/discard")).ShouldFail((HttpStatusCode)status, code.ToString());
    }

    [Fact]
    public async Task Overwriting_is_not_guessed_at()
    {
        await (await Post("w-9-9/replay?overwrite=yes")).ShouldFail(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.DoesNotContain(host.Admin.Calls, static call => call.EndsWith("w-9-9", StringComparison.Ordinal));
    }

    private Task<HttpResponseMessage> Post(string path) => host.Client.Send(HttpMethod.Post, $"/v1/geo/lost-writes/{path}", (HttpContent?)null);
}
