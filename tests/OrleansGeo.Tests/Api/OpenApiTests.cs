using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansGeo.Tests.Api;

[Collection(ApiTests.Name)]
public sealed class OpenApiTests(ApiHost host)
{
    [Fact]
    public async Task Every_endpoint_is_described()
    {
        var paths = (await Description()).GetProperty("paths");
        var endpoints = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(static endpoint => (Path: endpoint.RoutePattern.RawText!.TrimEnd('/'), Methods: endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods))
            .Where(static endpoint => !endpoint.Path.StartsWith("/openapi", StringComparison.Ordinal) && !endpoint.Methods.Contains("HEAD"))
            .ToList();

        Assert.Contains(endpoints, static endpoint => endpoint.Path == "/v1/documents/{collection}/{id}");
        foreach (var (path, methods) in endpoints)
        {
            Assert.True(paths.TryGetProperty(path, out var item), $"{path} is not described");
            Assert.All(methods, method => Assert.True(item.TryGetProperty(method.ToLowerInvariant(), out _), $"{method} {path} is not described"));
        }
    }

    [Fact]
    public async Task Every_operation_of_the_api_says_what_it_is()
    {
        var ids = new HashSet<string>();
        foreach (var (name, operation) in Operations(await Description()))
        {
            Assert.False(string.IsNullOrWhiteSpace(operation.GetProperty("summary").GetString()), name);
            Assert.True(ids.Add(operation.GetProperty("operationId").GetString()!), $"{name} has the id of another operation");
            Assert.NotEmpty(operation.GetProperty("responses").EnumerateObject());
            foreach (var response in operation.GetProperty("responses").EnumerateObject())
            {
                Assert.False(string.IsNullOrWhiteSpace(response.Value.GetProperty("description").GetString()), $"{name} {response.Name}");
                var isProblem = response.Value.TryGetProperty("content", out var content) && content.TryGetProperty("application/problem+json", out _);
                Assert.Equal(int.Parse(response.Name, System.Globalization.CultureInfo.InvariantCulture) >= 400 && !name.Contains("/health/", StringComparison.Ordinal), isProblem);
            }

            foreach (var parameter in name.Split('{').Skip(1).Select(static part => part[..part.IndexOf('}', StringComparison.Ordinal)]))
            {
                Assert.Contains(operation.GetProperty("parameters").EnumerateArray(), described =>
                    described.GetProperty("name").GetString() == parameter && described.GetProperty("in").GetString() == "path");
            }
        }
    }

    [Theory]
    [InlineData("get", "200 304 400 404 412 429 500 503 504", "collection id If-Match If-None-Match Geo-Consistency Geo-Deadline Geo-Session")]
    [InlineData("put", "200 201 400 409 412 413 415 429 500 503 504", "collection id If-Match If-None-Match Idempotency-Key Geo-Deadline Geo-Session")]
    [InlineData("patch", "200 400 404 409 412 413 415 429 500 503 504", "collection id If-Match If-None-Match Idempotency-Key Geo-Deadline Geo-Session")]
    [InlineData("delete", "204 400 404 409 412 413 429 500 503 504", "collection id If-Match If-None-Match Idempotency-Key Geo-Deadline Geo-Session")]
    public async Task Documents_name_their_statuses_and_headers(string method, string statuses, string parameters)
    {
        var operation = (await Description()).GetProperty("paths").GetProperty("/v1/documents/{collection}/{id}").GetProperty(method);
        Assert.Equal(statuses.Split(' '), operation.GetProperty("responses").EnumerateObject().Select(static response => response.Name).Order());
        Assert.Equal(parameters.Split(' ').Order(), operation.GetProperty("parameters").EnumerateArray().Select(static parameter => parameter.GetProperty("name").GetString()).Order());
        Assert.Equal(method is "put" or "patch", operation.TryGetProperty("requestBody", out _));
        var success = operation.GetProperty("responses").GetProperty(statuses.Split(' ')[0]);
        Assert.True(success.GetProperty("headers").TryGetProperty("Geo-Home", out _));
    }

    [Fact]
    public async Task Problems_have_a_schema()
    {
        var schema = (await Description()).GetProperty("components").GetProperty("schemas").GetProperty("ProblemBody");
        Assert.Equal(
            ["code", "detail", "instance", "status", "title", "traceId", "type"],
            schema.GetProperty("properties").EnumerateObject().Select(static property => property.Name).Order());
    }

    [Fact]
    public async Task Answers_of_the_world_have_schemas()
    {
        var paths = (await Description()).GetProperty("paths");
        foreach (var (path, schema) in new[] { ("/v1/geo/topology", "TopologyView"), ("/v1/geo/regions", "RegionsView"), ("/v1/geo/homes/{type}/{id}", "HomeView"), ("/v1/geo/lost-writes", "LostWritesView"), ("/health/ready", "HealthView") })
        {
            var reference = paths.GetProperty(path).GetProperty("get").GetProperty("responses").GetProperty("200")
                .GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString();
            Assert.Equal($"#/components/schemas/{schema}", reference);
        }
    }

    private async Task<JsonElement> Description() => await (await host.Client.Get("/openapi/v1.json")).Body();

    private static IEnumerable<(string Name, JsonElement Operation)> Operations(JsonElement description) =>
        from path in description.GetProperty("paths").EnumerateObject()
        where !path.Name.StartsWith("/v1/tests", StringComparison.Ordinal)
        from operation in path.Value.EnumerateObject()
        select ($"{operation.Name} {path.Name}", operation.Value);
}
