using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace OrleansGeo.Tests.Api;

/// <summary>Pinning entities by the web API, and listing what is pinned.</summary>
[Collection(ApiTests.Name)]
public sealed class PinTests(ApiHost host)
{
    [Fact]
    public async Task An_entity_is_pinned_moved_on_listed_and_unpinned()
    {
        foreach (var path in new[] { "/v1/geo/homes/documents/orders/7", "/v1/geo/homes/orleansgeo.tests.cart/ada" })
        {
            foreach (var region in new[] { "eastus2", "southeastasia" })
            {
                using var pinned = await host.Client.PutAsJsonAsync(path, new { region });
                Assert.Equal(HttpStatusCode.OK, pinned.StatusCode);
                var home = await host.Client.GetFromJsonAsync<JsonElement>(path);
                Assert.Equal((region, true), (home.GetProperty("home").GetString(), home.GetProperty("pinned").GetBoolean()));
            }
        }

        var first = await host.Client.GetFromJsonAsync<JsonElement>("/v1/geo/pins?count=1");
        var next = first.GetProperty("next").GetString();
        var second = await host.Client.GetFromJsonAsync<JsonElement>($"/v1/geo/pins?count=1&after={Uri.EscapeDataString(next!)}");
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
        Assert.Equal(
            """{"entity":"orleansgeo.tests.cart/ada","region":"southeastasia","shard":"q-southeastasia-1","home":"southeastasia","moves":1,"following":false}""",
            second.GetProperty("pins")[0].GetRawText());

        using var unpinned = await host.Client.DeleteAsync("/v1/geo/homes/documents/orders/7");
        Assert.False((await unpinned.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("pinned").GetBoolean());
        Assert.Equal(1, (await host.Client.GetFromJsonAsync<JsonElement>("/v1/geo/pins")).GetProperty("pins").GetArrayLength());
    }

    [Theory]
    [InlineData("""{"region": 7}""", 400, "InvalidDocument")]
    [InlineData("[]", 400, "InvalidDocument")]
    [InlineData("""{"region": "Mars!"}""", 404, "UnknownRegion")]
    [InlineData("""{"region": "mars"}""", 404, "UnknownRegion")]
    [InlineData("""{"region": "drained"}""", 503, "Draining")]
    [InlineData("""{"region": "lost"}""", 503, "HomeUnavailable")]
    public async Task A_region_that_cannot_take_it_is_a_problem(string body, int status, string code)
    {
        host.Admin.Refuse("mars", GeoErrorCode.UnknownRegion);
        host.Admin.Refuse("drained", GeoErrorCode.Draining);
        host.Admin.Refuse("lost", GeoErrorCode.HomeUnavailable);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var refused = await host.Client.PutAsync("/v1/geo/homes/documents/orders/7", content);
        await refused.ShouldFail((HttpStatusCode)status, code);
    }

    [Theory]
    [InlineData("count=0")]
    [InlineData("count=1001")]
    [InlineData("count=many")]
    [InlineData("after=nonsense")]
    [InlineData("after=plain/x")]
    public async Task A_page_that_there_is_not_is_a_problem(string query)
    {
        using var refused = await host.Client.GetAsync($"/v1/geo/pins?{query}");
        await refused.ShouldFail(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    [Fact]
    public async Task What_is_no_geo_grain_cannot_be_pinned()
    {
        using var refused = await host.Client.PutAsJsonAsync("/v1/geo/homes/plain/x", new { region = "eastus2" });
        await refused.ShouldFail(HttpStatusCode.NotFound, "NotFound");
    }
}
