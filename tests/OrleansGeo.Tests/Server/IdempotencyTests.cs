using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OrleansGeo.Tests.Api;
using OrleansGeo.Tests.Turns;

namespace OrleansGeo.Tests.Server;

/// <summary>Repeated requests to a server that knows its callers: whose key it is, and what the answer of then says of now.</summary>
[MostlyWaits]
public sealed class IdempotencyTests(WebApiServer server) : IClassFixture<WebApiServer>
{
    private const string Key = "order-7";
    private const string Scope = "geo.read geo.write geo.operate";

    /// <summary>Each endpoint that takes the header: what makes its request possible, the request of each of two callers, what undoes the first one, and what there is in the end.</summary>
    private static readonly Case[] Cases =
    [
        new("POST /v1/counters/{id}", First: """{"add":1}""", Second: """{"add":2}""", Read: "/v1/counters/{id}", Shows: """{"value":3}"""),
        new("PUT /v1/documents/{collection}/{id}", First: """{"by":1}""", Second: """{"by":2}""", Read: "/v1/documents/{collection}/{id}", Shows: """{"by":2}"""),
        new("PATCH /v1/documents/{collection}/{id}", Before: "PUT /v1/documents/{collection}/{id} {}", First: """{"a":1}""", Second: """{"b":2}""", Read: "/v1/documents/{collection}/{id}", Shows: """{"a":1,"b":2}"""),
        new("DELETE /v1/documents/{collection}/{id}", Before: "PUT /v1/documents/{collection}/{id} {}", Between: "PUT /v1/documents/{collection}/{id} {}", Read: "/v1/documents/{collection}/{id}", Shows: "NotFound"),
        new("PUT /v1/sets/{id}/{member}", Between: "DELETE /v1/sets/{id}/{member}", Read: "/v1/sets/{id}", Shows: """{"members":["x"]}"""),
        new("DELETE /v1/sets/{id}/{member}", Before: "PUT /v1/sets/{id}/{member}", Between: "PUT /v1/sets/{id}/{member}", Read: "/v1/sets/{id}", Shows: """{"members":[]}"""),
        new("PUT /v1/maps/{id}/{field}", First: """{"value":1}""", Second: """{"value":2}""", Read: "/v1/maps/{id}", Shows: """{"fields":{"x":2},"overruled":0}"""),
        new("DELETE /v1/maps/{id}/{field}", Before: """PUT /v1/maps/{id}/{field} {"value":1}""", Between: """PUT /v1/maps/{id}/{field} {"value":1}""", Read: "/v1/maps/{id}", Shows: """{"fields":{},"overruled":0}"""),
    ];

    public static TheoryData<string> Endpoints => [.. Cases.Select(static each => each.Endpoint)];

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task An_equal_key_of_another_subject_is_another_request(string endpoint)
    {
        var it = Cases.Single(each => each.Endpoint == endpoint);
        var id = endpoint.Replace('/', '-').Replace(' ', '-').Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
        using var ada = Client($"ada {id}", "app");
        using var bob = Client($"bob {id}", "app");
        await SendAsync(ada, it.Before, id);
        var first = await SendAsync(ada, $"{endpoint} {it.First}", id, Key);
        await SendAsync(ada, it.Between, id);
        var second = await SendAsync(bob, $"{endpoint} {it.Second}", id, Key);
        Assert.True(first!.IsSuccessStatusCode && second!.IsSuccessStatusCode, $"first {first.StatusCode}, second {second?.StatusCode}: {await second!.Content.ReadAsStringAsync()}");
        Assert.Equal(it.Shows, await ReadAsync(ada, it.Read, id));

        // Each one's own repeats are answered as before, and change nothing.
        Assert.Equal(await ShowAsync(first), await ShowAsync((await SendAsync(ada, $"{endpoint} {it.First}", id, Key))!));
        Assert.Equal(await ShowAsync(second), await ShowAsync((await SendAsync(bob, $"{endpoint} {it.Second}", id, Key))!));
        Assert.Equal(it.Shows, await ReadAsync(ada, it.Read, id));
    }

    [Fact]
    public async Task Every_endpoint_that_takes_a_key_is_among_them()
    {
        using var http = server.World.Client(WebApiServer.Region);
        var described = (await (await http.GetAsync("/openapi/v1.json")).Body()).GetProperty("paths").EnumerateObject()
            .SelectMany(static path => path.Value.EnumerateObject().Select(operation => (Name: $"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value)))
            .Where(static operation => operation.Value.TryGetProperty("parameters", out var parameters)
                && parameters.EnumerateArray().Any(static parameter => parameter.GetProperty("name").GetString() == "Idempotency-Key"));
        Assert.Equal(Cases.Select(static each => each.Endpoint).Order(), described.Select(static operation => operation.Name).Order());
    }

    [Fact]
    public async Task An_equal_key_of_the_same_subject_through_another_client_is_another_request()
    {
        using var phone = Client("carol", "phone");
        using var till = Client("carol", "till");
        using var neither = Client("carol", null);
        using var only = Client("", "carol");
        var counts = new List<string>();
        foreach (var caller in new[] { phone, till, neither, only, phone, till, neither, only })
        {
            counts.Add(await (await SendAsync(caller, """POST /v1/counters/{id} {"add":1}""", "clients", Key))!.Content.ReadAsStringAsync());
        }

        Assert.Equal(Enumerable.Range(1, 4).Concat(Enumerable.Range(1, 4)).Select(static value => $$"""{"value":{{value}}}"""), counts);
    }

    [Fact]
    public async Task A_token_that_was_renewed_is_the_same_caller()
    {
        using var before = Client("dora", "app");
        using var after = server.World.Client(WebApiServer.Region, server.World.Tokens.Make("dora", "geo.write", until: 900, client: "app"));
        foreach (var caller in new[] { before, after })
        {
            Assert.Equal("""{"value":1}""", await (await SendAsync(caller, """POST /v1/counters/{id} {"add":1}""", "renewed", Key))!.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_token_without_subject_and_client_cannot_send_a_key()
    {
        using var nameless = Client("", null);
        var problem = await (await SendAsync(nameless, """POST /v1/counters/{id} {"add":1}""", "nameless", Key))!.ShouldFail(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.Contains("Idempotency-Key", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("""{"value":0}""", await ReadAsync(nameless, "/v1/counters/{id}", "nameless"));
        Assert.Equal("""{"value":1}""", await (await SendAsync(nameless, """POST /v1/counters/{id} {"add":1}""", "nameless"))!.Content.ReadAsStringAsync());
    }

    /// <summary>Else a condition on the tag that a repeated request is told would hold of what its caller never saw, and overwrite it.</summary>
    [Fact]
    public async Task A_repeated_request_is_told_the_tag_of_what_it_wrote_itself_after_the_document_was_pinned()
    {
        const string Put = "PUT /v1/documents/{collection}/{id}";
        const string Home = "/v1/geo/homes/documents/{collection}/{id}";
        using var ada = Client("ada pins", "app");
        using var bob = Client("bob pins", "app");
        var first = (await SendAsync(ada, $$"""{{Put}} {"by":"ada"}""", "pinned", Key))!;
        var second = (await SendAsync(bob, $$"""{{Put}} {"by":"bob"}""", "pinned", Key))!;
        Assert.NotEqual(first.Headers.ETag, second.Headers.ETag);
        foreach (var move in new[] { $$"""PUT {{Home}} {"region":"{{WebApiServer.Region}}"}""", $"DELETE {Home}" })
        {
            (await SendAsync(ada, move, "pinned"))!.EnsureSuccessStatusCode();
            Assert.Equal(await ShowAsync(first), await ShowAsync((await SendAsync(ada, $$"""{{Put}} {"by":"ada"}""", "pinned", Key))!));
            Assert.Equal(await ShowAsync(second), await ShowAsync((await SendAsync(bob, $$"""{{Put}} {"by":"bob"}""", "pinned", Key))!));
            var conditional = (await SendAsync(ada, $$"""{{Put}} {"by":"ada again"}""", "pinned", ifMatch: first.Headers.ETag))!;
            await conditional.ShouldFail(HttpStatusCode.PreconditionFailed, "VersionConflict");
            Assert.Equal("""{"by":"bob"}""", await ReadAsync(ada, "/v1/documents/{collection}/{id}", "pinned"));
        }
    }

    private HttpClient Client(string subject, string? client) =>
        server.World.Client(WebApiServer.Region, server.World.Tokens.Make(subject, Scope, client: client));

    /// <param name="http">The caller.</param>
    /// <param name="request">Method, path and body; empty: none.</param>
    /// <param name="id">What every name in the path is.</param>
    /// <param name="key">The idempotency key.</param>
    /// <param name="ifMatch">The condition.</param>
    private static async Task<HttpResponseMessage?> SendAsync(HttpClient http, string request, string id, string? key = null, EntityTagHeaderValue? ifMatch = null)
    {
        if (request.Split(' ', 3) is not [var method, var path, ..] parts)
        {
            return null;
        }

        using var message = new HttpRequestMessage(new HttpMethod(method), Fill(path, id));
        if (parts is [_, _, { Length: > 0 } body])
        {
            message.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        if (key is not null)
        {
            message.Headers.Add("Idempotency-Key", key);
        }

        if (ifMatch is not null)
        {
            message.Headers.IfMatch.Add(ifMatch);
        }

        return await http.SendAsync(message);
    }

    private static async Task<string> ReadAsync(HttpClient http, string path, string id)
    {
        using var response = await http.GetAsync(Fill(path, id));
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? text : JsonDocument.Parse(text).RootElement.GetProperty("code").GetString()!;
    }

    private static async Task<string> ShowAsync(HttpResponseMessage response) => $"{response.StatusCode} {response.Headers.ETag} {await response.Content.ReadAsStringAsync()}";

    private static string Fill(string path, string id) => path
        .Replace("{collection}", "scoped", StringComparison.Ordinal).Replace("{id}", id, StringComparison.Ordinal)
        .Replace("{member}", "x", StringComparison.Ordinal).Replace("{field}", "x", StringComparison.Ordinal);

    private sealed record Case(string Endpoint, string Read, string Shows, string Before = "", string First = "", string Between = "", string Second = "");
}
