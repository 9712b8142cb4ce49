using System.Net;
using System.Text.Json;

namespace OrleansGeo.Tests.Api;

/// <summary>If-Match and If-None-Match, as RFC 9110 §13 has them. In the headers, CURRENT stands for the document's version.</summary>
[Collection(ApiTests.Name)]
public sealed class ConditionTests(ApiHost host)
{
    private HttpClient Client => host.Client;

    [Theory]
    [InlineData("PUT", "If-Match", "\"CURRENT\"", 200)]
    [InlineData("PUT", "If-Match", "\"9.9\", \"CURRENT\"", 200)]
    [InlineData("PUT", "If-Match", "*", 200)]
    [InlineData("PUT", "If-Match", "\"9.9\"", 412)]
    [InlineData("PUT", "If-Match", "W/\"CURRENT\"", 412)]
    [InlineData("PUT", "If-Match", "\"*\"", 412)]
    [InlineData("PUT", "If-Match", "\"\"", 412)]
    [InlineData("PUT", "If-None-Match", "*", 412)]
    [InlineData("PUT", "If-None-Match", "\"CURRENT\"", 412)]
    [InlineData("PUT", "If-None-Match", "W/\"CURRENT\"", 412)]
    [InlineData("PUT", "If-None-Match", "\"9.9\"", 200)]
    [InlineData("PATCH", "If-Match", "\"CURRENT\"", 200)]
    [InlineData("PATCH", "If-Match", "\"9.9\"", 412)]
    [InlineData("PATCH", "If-None-Match", "*", 412)]
    [InlineData("DELETE", "If-Match", "\"CURRENT\"", 204)]
    [InlineData("DELETE", "If-Match", "\"9.9\"", 412)]
    [InlineData("DELETE", "If-None-Match", "\"CURRENT\"", 412)]
    [InlineData("GET", "If-Match", "\"CURRENT\"", 200)]
    [InlineData("GET", "If-Match", "W/\"CURRENT\"", 412)]
    [InlineData("GET", "If-None-Match", "\"CURRENT\"", 304)]
    [InlineData("GET", "If-None-Match", "\"9.9\",  W/\"CURRENT\"", 304)]
    [InlineData("GET", "If-None-Match", "*", 304)]
    [InlineData("GET", "If-None-Match", "\"9.9\"", 200)]
    [InlineData("HEAD", "If-None-Match", "*", 304)]
    public async Task A_document_that_exists(string method, string header, string value, int status)
    {
        var path = $"/v1/documents/conditions/{Guid.NewGuid()}";
        var etag = (await Client.Put(path, """{"n":1}""")).Header("ETag")!;
        var response = await Send(method, path, (header, value.Replace("\"CURRENT\"", etag, StringComparison.Ordinal)));

        Assert.Equal(status, (int)response.StatusCode);
        if (status == 412)
        {
            var problem = await response.ShouldFail(HttpStatusCode.PreconditionFailed, "VersionConflict");
            Assert.Equal(etag.Trim('"'), problem.GetProperty("currentVersion").GetString());
            Assert.Equal("""{"n":1}""", await (await Client.Get(path)).Content.ReadAsStringAsync());
        }
        else if (status == 304)
        {
            Assert.Equal(etag, response.Header("ETag"));
            Assert.Equal("eastus2", response.Header("Geo-Served-By"));
            Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        }
    }

    [Theory]
    [InlineData("PUT", "If-Match", "*", 412)]
    [InlineData("PUT", "If-Match", "\"1.1\"", 412)]
    [InlineData("PUT", "If-None-Match", "*", 201)]
    [InlineData("PUT", "If-None-Match", "\"1.1\"", 201)]
    [InlineData("PATCH", "If-Match", "*", 404)]
    [InlineData("DELETE", "If-Match", "\"1.1\"", 404)]
    [InlineData("GET", "If-Match", "*", 404)]
    [InlineData("GET", "If-None-Match", "*", 404)]
    public async Task A_document_that_does_not_exist(string method, string header, string value, int status)
    {
        var response = await Send(method, $"/v1/documents/conditions/{Guid.NewGuid()}", (header, value));
        Assert.Equal(status, (int)response.StatusCode);
        if (status == 412)
        {
            var problem = await response.ShouldFail(HttpStatusCode.PreconditionFailed, "VersionConflict");
            Assert.Equal(JsonValueKind.Null, problem.GetProperty("currentVersion").ValueKind);
        }
    }

    [Fact]
    public async Task A_deleted_document_s_version_matches_no_more()
    {
        var path = $"/v1/documents/conditions/{Guid.NewGuid()}";
        var etag = (await Client.Put(path, "1")).Header("ETag")!;
        await Client.Delete(path);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Client.Put(path, "2", ("If-Match", etag))).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await Client.Put(path, "2", ("If-None-Match", "*"))).StatusCode);
    }

    [Fact]
    public async Task Both_conditions_must_hold()
    {
        var path = $"/v1/documents/conditions/{Guid.NewGuid()}";
        var etag = (await Client.Put(path, "1")).Header("ETag")!;
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Client.Put(path, "2", ("If-Match", etag), ("If-None-Match", etag))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Client.Put(path, "2", ("If-Match", etag), ("If-None-Match", "\"9.9\""))).StatusCode);
    }

    [Theory]
    [InlineData("If-Match", "1.7")]
    [InlineData("If-Match", "\"1.7")]
    [InlineData("If-Match", "\"1.7\" \"1.8\"")]
    [InlineData("If-Match", "*, \"1.7\"")]
    [InlineData("If-Match", "")]
    [InlineData("If-None-Match", "W/1.7")]
    [InlineData("If-None-Match", "*, *")]
    public async Task A_condition_that_cannot_be_read_is_refused(string header, string value)
    {
        foreach (var method in (string[])["PUT", "GET", "PATCH", "DELETE"])
        {
            var problem = await (await Send(method, "/v1/documents/conditions/refused", (header, value))).ShouldFail(HttpStatusCode.BadRequest, "InvalidRequest");
            Assert.Contains(header, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    private Task<HttpResponseMessage> Send(string method, string path, (string, string) header) => method switch
    {
        "PUT" => Client.Put(path, """{"n":2}""", header),
        "PATCH" => Client.Patch(path, """{"n":2}""", header),
        _ => Client.Send(HttpMethod.Parse(method), path, (HttpContent?)null, header),
    };
}
