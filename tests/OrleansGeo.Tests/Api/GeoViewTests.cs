using System.Net;
using System.Text.Json;
using OrleansGeo.Runtime.World;

namespace OrleansGeo.Tests.Api;

[Collection(ApiTests.Name)]
public sealed class GeoViewTests(ApiHost host)
{
    private HttpClient Client => host.Client;

    [Fact]
    public async Task Topology()
    {
        var body = await (await Client.Get("/v1/geo/topology")).Body();
        Assert.Equal(host.World.Topology.Version, body.GetProperty("version").GetInt64());
        string[] regions =
        [
            """{"name":"westeurope","state":"up","lease":"held","generation":0,"mode":"normal"}""",
            """{"name":"eastus2","state":"up","lease":"held","generation":0,"mode":"normal"}""",
            """{"name":"southeastasia","state":"down","lease":"none","generation":7,"mode":"drained"}""",
        ];
        Assert.Equal(regions, body.GetProperty("regions").EnumerateArray().Select(static region => region.GetRawText()));
        var shards = body.GetProperty("shards").EnumerateArray().ToList();
        Assert.Equal(host.World.Topology.Map.Count, shards.Count);
        Assert.Equal("""{"shard":"q-00","home":"eastus2","epoch":9,"reserved":"westeurope","preferred":"westeurope"}""", shards[0].GetRawText());
        Assert.Equal(JsonValueKind.Null, shards[1].GetProperty("reserved").ValueKind);
        Assert.Equal(host.World.Topology.Map[1].Name, shards[1].GetProperty("shard").GetString());
    }

    [Fact]
    public async Task Regions()
    {
        var body = await (await Client.Get("/v1/geo/regions")).Body();
        Assert.Equal("westeurope", body.GetProperty("region").GetString());
        string[] expected =
        [
            """{"name":"westeurope","state":"up","downReason":null,"roundTripMs":0,"lagEntries":0,"stalenessMs":0,"shardsHomed":5,"lease":"held","generation":4,"mode":"normal"}""",
            """{"name":"eastus2","state":"up","downReason":null,"roundTripMs":94.5,"lagEntries":17,"stalenessMs":213,"shardsHomed":6,"lease":"held","generation":2,"mode":"restoring"}""",
            """{"name":"southeastasia","state":"down","downReason":"no heartbeat for 600 ms","roundTripMs":null,"lagEntries":null,"stalenessMs":null,"shardsHomed":3,"lease":"none","generation":7,"mode":"drained"}""",
        ];
        Assert.Equal(expected, body.GetProperty("regions").EnumerateArray().Select(static region => region.GetRawText()));
    }

    [Theory]
    [InlineData("documents/cities/paris", "document/cities/paris")]
    [InlineData("documents%2Fcities/paris", "document/cities/paris")]
    [InlineData("document/cities%2Fparis", "document/cities/paris")]
    [InlineData("orleansgeo.tests.cart/tenant-42%2Fcart-7", "orleansgeo.tests.cart/tenant-42/cart-7")]
    public async Task Homes(string path, string entity)
    {
        var body = await (await Client.Get($"/v1/geo/homes/{path}")).Body();
        Assert.Equal(entity, body.GetProperty("entity").GetString());
        Assert.False(body.GetProperty("pinned").GetBoolean());
        var shard = host.World.Topology.Map.IndexOf(new(body.GetProperty("shard").GetString()!));
        var home = host.World.Topology.HomeOf(shard);
        Assert.Equal((home.Region.Name, home.Epoch), (body.GetProperty("home").GetString(), body.GetProperty("epoch").GetInt64()));
    }

    [Fact]
    public async Task A_document_and_its_home_agree_on_the_entity()
    {
        await Client.Put("/v1/documents/a%2Fb/c%2Fd", "1");
        var entity = (await (await Client.Get("/v1/geo/homes/documents/a%2Fb/c%2Fd")).Body()).GetProperty("entity").GetString();
        Assert.NotNull(host.Storage.VersionOf(Orleans.Runtime.GrainId.Parse(entity!)));
    }

    [Theory]
    [InlineData("unknown/x")]
    [InlineData("documents/x")]
    public async Task An_unknown_type_is_not_found(string path) =>
        await (await Client.Get($"/v1/geo/homes/{path}")).ShouldFail(HttpStatusCode.NotFound, "NotFound");

    [Fact]
    public async Task A_key_that_no_grain_can_have_is_refused() =>
        await (await Client.Get($"/v1/geo/homes/document/{new string('x', 1025)}")).ShouldFail(HttpStatusCode.BadRequest, "InvalidKey");

    [Fact]
    public async Task Answers_are_json()
    {
        foreach (var path in (string[])["topology", "regions", "homes/documents/a/b"])
        {
            Assert.Equal("application/json", (await Client.Get($"/v1/geo/{path}")).Content.Headers.ContentType!.MediaType);
        }
    }
}
