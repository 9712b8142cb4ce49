using System.Net;
using System.Text;

namespace OrleansGeo.Tests.Api;

[Collection(ApiTests.Name)]
public sealed class DocumentTests(ApiHost host)
{
    private HttpClient Client => host.Client;

    [Fact]
    public async Task A_document_lives_from_put_to_delete()
    {
        const string Path = "/v1/documents/cities/paris";
        await (await Client.Get(Path)).ShouldFail(HttpStatusCode.NotFound, "NotFound");

        var created = await Client.Put(Path, """{ "name": "Paris" }""");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("""{ "name": "Paris" }""", await created.Content.ReadAsStringAsync());

        var replaced = await Client.Put(Path, """{"name":"Paris","people":2}""");
        Assert.Equal(HttpStatusCode.OK, replaced.StatusCode);
        Assert.NotEqual(created.Header("ETag"), replaced.Header("ETag"));

        var patched = await Client.Patch(Path, """{"people":3,"river":"Seine"}""");
        Assert.Equal(HttpStatusCode.OK, patched.StatusCode);
        Assert.Equal("""{"name":"Paris","people":3,"river":"Seine"}""", await patched.Content.ReadAsStringAsync());

        var read = await Client.Get(Path);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal("application/json", read.Content.Headers.ContentType!.ToString());
        Assert.Equal("""{"name":"Paris","people":3,"river":"Seine"}""", await read.Content.ReadAsStringAsync());
        Assert.Equal(patched.Header("ETag"), read.Header("ETag"));

        var deleted = await Client.Delete(Path);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Null(deleted.Header("ETag"));
        Assert.Empty(await deleted.Content.ReadAsByteArrayAsync());

        await (await Client.Get(Path)).ShouldFail(HttpStatusCode.NotFound, "NotFound");
        await (await Client.Delete(Path)).ShouldFail(HttpStatusCode.NotFound, "NotFound");
        await (await Client.Patch(Path, "{}")).ShouldFail(HttpStatusCode.NotFound, "NotFound");
        Assert.Equal(HttpStatusCode.Created, (await Client.Put(Path, "1")).StatusCode);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("-1.50e+007")]
    [InlineData("[1, [ ], {}]")]
    [InlineData(" { \"a\" : \"\\u0041\" } \n")]
    [InlineData("{\"ключ\":\"🦊\"}")]
    public async Task Any_json_value_comes_back_byte_for_byte(string json)
    {
        var path = $"/v1/documents/values/{Guid.NewGuid()}";
        await Client.Put(path, json);
        Assert.Equal(Encoding.UTF8.GetBytes(json), await (await Client.Get(path)).Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Answers_say_where_they_come_from()
    {
        const string Path = "/v1/documents/headers/all";
        var write = await Client.Put(Path, "1");
        var version = host.Storage.VersionOf(ApiClient.Document("headers", "all"));
        Assert.Equal($"\"{version}\"", write.Header("ETag"));
        Assert.Equal(("westeurope", "westeurope", "home", "7", version, null), Headers(write));

        Assert.Equal(("westeurope", "eastus2", "replica", "7", version, "13"), Headers(await Client.Get(Path)));
        Assert.Equal(("westeurope", "westeurope", "home", "7", version, "0"), Headers(await Client.Get(Path, ("Geo-Consistency", "strong"))));
        Assert.Equal(("westeurope", "westeurope", "home", "7", "0.0", null), Headers(await Client.Delete(Path)));

        var absent = await Client.Get(Path);
        await absent.ShouldFail(HttpStatusCode.NotFound, "NotFound");
        Assert.Equal("eastus2", absent.Header("Geo-Served-By"));
        Assert.Null(absent.Header("ETag"));
    }

    [Fact]
    public async Task Without_a_report_the_tag_is_the_state_s()
    {
        var document = ApiClient.Document("headers", "silent");
        host.Router.Silence(document);
        var write = await Client.Put("/v1/documents/headers/silent", "1");
        Assert.Equal($"\"{host.Storage.VersionOf(document)}\"", write.Header("ETag"));
        Assert.Null(write.Header("Geo-Home"));
        Assert.Equal(write.Header("ETag"), (await Client.Get("/v1/documents/headers/silent")).Header("ETag"));
    }

    [Fact]
    public async Task Head_is_get_without_the_body()
    {
        await Client.Put("/v1/documents/headers/head", "[1,2]");
        var head = await Client.Send(HttpMethod.Head, "/v1/documents/headers/head", (HttpContent?)null);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(5, head.Content.Headers.ContentLength);
        Assert.Equal((await Client.Get("/v1/documents/headers/head")).Header("ETag"), head.Header("ETag"));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        var absent = await Client.Send(HttpMethod.Head, "/v1/documents/headers/none", (HttpContent?)null);
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
    }

    [Fact]
    public async Task A_write_that_the_store_refuses_leaves_the_document_as_it_was()
    {
        await Client.Put("/v1/documents/faults/one", "\"before\"");
        host.Storage.Fail(ApiClient.Document("faults", "one"), new IOException("no space left"));

        await (await Client.Put("/v1/documents/faults/one", "\"after\"")).ShouldFail(HttpStatusCode.InternalServerError, "Internal");
        Assert.Equal("\"before\"", await (await Client.Get("/v1/documents/faults/one")).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Documents_of_like_names_are_different()
    {
        string[] paths = ["a/b%2Fc", "a%2Fb/c", "a%252Fb/c", "a%25/2Fb", "a/b%252Fc", "A/b%2Fc"];
        foreach (var path in paths)
        {
            Assert.Equal(HttpStatusCode.Created, (await Client.Put($"/v1/documents/{path}", $"\"{path}\"")).StatusCode);
        }

        foreach (var path in paths)
        {
            Assert.Equal($"\"{path}\"", await (await Client.Get($"/v1/documents/{path}")).Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Every_call_runs_in_a_session_of_its_own()
    {
        await Client.Put("/v1/documents/sessions/own", "1", ("Idempotency-Key", "k1"), ("Geo-Deadline", "3s"));
        Assert.Null(GeoSession.Current);
        Assert.Equal(
            new GeoCallOptions { RequestKey = "k1", Deadline = TimeSpan.FromSeconds(3) }, host.Router.Seen(ApiClient.Document("sessions", "own")));
    }

    private static (string?, string?, string?, string?, string?, string?) Headers(HttpResponseMessage response) => (
        response.Header("Geo-Home"), response.Header("Geo-Served-By"), response.Header("Geo-Role"),
        response.Header("Geo-Epoch"), response.Header("Geo-Version"), response.Header("Geo-Staleness-Ms"));
}
