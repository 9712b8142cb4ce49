using System.Net;

namespace OrleansGeo.Tests.Api;

/// <summary>An application's own endpoints, made part of the API by one call.</summary>
[Collection(ApiTests.Name)]
public sealed class GeoEndpointTests(ApiHost host)
{
    [Fact]
    public async Task They_answer_with_the_headers_of_their_call()
    {
        await host.Client.Put("/v1/documents/tests/own", "1");
        var response = await host.Client.Get("/v1/tests/status/own");
        Assert.Equal("""{"status":"Found"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal($"\"{host.Storage.VersionOf(ApiClient.Document("tests", "own"))}\"", response.Header("ETag"));
        Assert.Equal(("eastus2", "replica", "13"), (response.Header("Geo-Served-By"), response.Header("Geo-Role"), response.Header("Geo-Staleness-Ms")));
    }

    [Fact]
    public async Task They_refuse_what_documents_refuse()
    {
        await (await host.Client.Get("/v1/tests/status/x", ("Geo-Consistency", "foo"))).ShouldFail(HttpStatusCode.BadRequest, "InvalidRequest");
        await (await host.Client.Send(HttpMethod.Post, "/v1/tests/echo", "{", [])).ShouldFail(HttpStatusCode.BadRequest, "InvalidDocument");
        await (await host.Client.Send(HttpMethod.Post, "/v1/tests/echo", "{}", [], "text/plain")).ShouldFail(HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType");
        Assert.Equal("[1]", await (await host.Client.Send(HttpMethod.Post, "/v1/tests/echo", "[1]", [])).Content.ReadAsStringAsync());
    }
}
