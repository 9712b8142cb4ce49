using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Tests.Turns;

namespace OrleansGeo.Tests.Server;

/// <summary>Who gets what through the web API of a server, and how much of it.</summary>
[MostlyWaits]
public sealed partial class WebApiTests : IClassFixture<WebApiServer>
{
    private const string Region = WebApiServer.Region;
    private const string Everything = "geo.read geo.write geo.operate";

    private readonly ServerWorld _world;
    private readonly IServiceProvider _services;

    public WebApiTests(WebApiServer server) => (_world, _services) = (server.World, server.Services);

    [Fact]
    public async Task Nobody_knows_nothing_but_health_and_the_description()
    {
        using var http = _world.Client(Region);
        var open = new List<string>();
        var closed = 0;
        foreach (var (method, path) in Requests())
        {
            using var response = await SendAsync(http, method, path);
            if (response.IsSuccessStatusCode)
            {
                open.Add($"{method} {path}");
                continue;
            }

            closed++;
            Assert.Equal($"{method} {path} 401 Unauthorized", $"{method} {path} {(int)response.StatusCode} {await CodeAsync(response)}");
            Assert.Contains("Bearer", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(["GET /health/live", "GET /health/ready", "GET /openapi/v1.json"], open.Order());
        Assert.True(closed >= 30, $"{closed} endpoints are closed: they were not all walked.");
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/nothing/here")).StatusCode);
    }

    [Fact]
    public async Task Each_endpoint_asks_for_the_one_scope_that_it_should()
    {
        var refused = new Dictionary<string, string>();
        foreach (var scope in Everything.Split(' '))
        {
            using var http = _world.Client(Region, _world.Tokens.Make($"without {scope}", Everything.Replace(scope, "", StringComparison.Ordinal)));
            foreach (var (method, path) in Requests())
            {
                using var response = await SendAsync(http, method, path);
                Assert.NotEqual(HttpStatusCode.Unauthorized, response.StatusCode);
                if (response.StatusCode == HttpStatusCode.Forbidden)
                {
                    Assert.Equal("Forbidden", await CodeAsync(response));

                    // Not there already: no endpoint asks for two.
                    refused.Add($"{method} {path}", scope);
                }
            }
        }

        var closed = Requests().Select(static request => $"{request.Method} {request.Path}").Where(static request => !request.StartsWith("GET /health/", StringComparison.Ordinal) && request != "GET /openapi/v1.json");
        Assert.Equal(closed.Order(), refused.Keys.Order());
        Assert.All(refused, static pair => Assert.Equal(
            pair.Key.StartsWith("GET ", StringComparison.Ordinal) || pair.Key.StartsWith("HEAD ", StringComparison.Ordinal) ? "geo.read" : pair.Key.Contains(" /v1/geo/", StringComparison.Ordinal) ? "geo.operate" : "geo.write",
            pair.Value));
    }

    [Theory]
    [InlineData("another-api", -5, 300, "audience")]
    [InlineData(TestTokens.Audience, -400, -120, "expired")]
    [InlineData(TestTokens.Audience, 120, 300, "not valid before")]
    public async Task A_token_for_another_api_or_another_time_is_refused_and_told_why(string audience, int from, int until, string says)
    {
        using var http = _world.Client(Region, _world.Tokens.Make("late", Everything, audience, from, until));
        using var response = await http.GetAsync("/v1/geo/topology");
        Assert.Equal("401 Unauthorized", $"{(int)response.StatusCode} {await CodeAsync(response)}");
        Assert.Contains(says, response.Headers.WwwAuthenticate.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_token_of_a_clock_that_is_a_little_ahead_is_taken_and_one_of_another_issuers_key_is_not()
    {
        using var ahead = _world.Client(Region, _world.Tokens.Make("ahead", Everything, from: 30));
        Assert.Equal(HttpStatusCode.OK, (await ahead.GetAsync("/v1/geo/topology")).StatusCode);
        using var issuer = new TestTokens();
        using var forged = _world.Client(Region, issuer.Make("forged", Everything));
        Assert.Equal(HttpStatusCode.Unauthorized, (await forged.GetAsync("/v1/geo/topology")).StatusCode);
    }

    [Fact]
    public async Task Who_asks_too_much_waits_and_nobody_else_does()
    {
        using var greedy = _world.Client(Region, _world.Tokens.Make("greedy", Everything));
        using var modest = _world.Client(Region, _world.Tokens.Make("modest", Everything));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8 * WebApiServer.Burst).Select(_ => greedy.GetAsync("/v1/geo/topology")));
        var refused = answers.First(static answer => answer.StatusCode != HttpStatusCode.OK);
        Assert.Equal("429 TooManyRequests", $"{(int)refused.StatusCode} {await CodeAsync(refused)}");
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Contains(answers, static answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, (await modest.GetAsync("/v1/geo/topology")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await greedy.GetAsync("/health/live")).StatusCode);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        using var http = _world.Client(Region, _world.Tokens.Make("large", Everything));
        using var response = await http.PutAsync("/v1/documents/notes/large", JsonContent.Create(new { text = new string('x', WebApiServer.MaxDocumentBytes) }));
        Assert.Equal("413 TooLarge", $"{(int)response.StatusCode} {await CodeAsync(response)}");
    }

    [Fact]
    public async Task Who_sends_too_slowly_is_cut_off()
    {
        Assert.Contains(" 408 ", await SendAndWaitAsync("GET /health/live HTTP/1.1\r\nHost: x\r\n"), StringComparison.Ordinal);

        var token = _world.Tokens.Make("slow", Everything);
        var answer = await SendAndWaitAsync($"PUT /v1/documents/notes/slow HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{");
        Assert.Contains(" 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"RequestTimeout\"", answer, StringComparison.Ordinal);
    }

    /// <summary>Everything that is read until the server closes the connection.</summary>
    private async Task<string> SendAndWaitAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _world.Url(Region).Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>One request for each method of each endpoint that the running server has.</summary>
    private IEnumerable<(string Method, string Path)> Requests() =>
        from endpoint in _services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []
        from method in methods.Count > 0 ? methods : ["GET"]
        select (method, $"/{Parameter().Replace(endpoint.RoutePattern.RawText!, static match => match.Value == "{documentName}" ? "v1" : "x").TrimStart('/')}");

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method is "PUT" or "POST" or "PATCH")
        {
            request.Content = JsonContent.Create(new { add = 1, value = 1 });
        }

        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage response) =>
        response.RequestMessage!.Method == HttpMethod.Head ? response.StatusCode.ToString() : (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
