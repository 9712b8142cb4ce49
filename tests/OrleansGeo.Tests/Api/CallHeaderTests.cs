using System.Net;

namespace OrleansGeo.Tests.Api;

[Collection(ApiTests.Name)]
public sealed class CallHeaderTests(ApiHost host)
{
    private HttpClient Client => host.Client;

    [Theory]
    [InlineData(null, ReadConsistency.Local)]
    [InlineData("local", ReadConsistency.Local)]
    [InlineData("Strong", ReadConsistency.Strong)]
    [InlineData("session", ReadConsistency.Session)]
    [InlineData("Bounded;max=500ms", ReadConsistency.Bounded)]
    [InlineData("bounded; max=1.5s", ReadConsistency.Bounded)]
    public async Task Consistency(string? header, ReadConsistency expected) =>
        Assert.Equal(expected, (await Seen(HttpMethod.Get, "Geo-Consistency", header)).Consistency);

    [Theory]
    [InlineData(null, 15_000)]
    [InlineData("15s", 15_000)]
    [InlineData("500ms", 500)]
    [InlineData("1.5s", 1_500)]
    [InlineData("2m", 120_000)]
    [InlineData("0.5ms", 0.5)]
    public async Task Deadline(string? header, double expectedMs) =>
        Assert.Equal(TimeSpan.FromMilliseconds(expectedMs), (await Seen(HttpMethod.Get, "Geo-Deadline", header)).Deadline);

    [Theory]
    [InlineData("PUT", true)]
    [InlineData("PATCH", true)]
    [InlineData("DELETE", true)]
    [InlineData("GET", false)]
    [InlineData("HEAD", false)]
    public async Task An_idempotency_key_names_writes(string method, bool isWrite)
    {
        foreach (var key in (string[])["k", new string('~', 256), "!\"#,;=\\"])
        {
            Assert.Equal(isWrite ? key : null, (await Seen(HttpMethod.Parse(method), "Idempotency-Key", key)).RequestKey);
        }
    }

    [Fact]
    public async Task Without_an_idempotency_key_a_write_has_none() =>
        Assert.Null((await Seen(HttpMethod.Put, "Idempotency-Key", null)).RequestKey);

    [Theory]
    [InlineData("Geo-Consistency", "foo", "InvalidRequest", "local, session, strong")]
    [InlineData("Geo-Consistency", "", "InvalidRequest", "local, session, strong")]
    [InlineData("Geo-Consistency", "bounded", "InvalidRequest", "bounded;max=")]
    [InlineData("Geo-Consistency", "bounded;max=", "InvalidRequest", "bounded;max=")]
    [InlineData("Geo-Consistency", "bounded;max=0ms", "InvalidRequest", "bounded;max=")]
    [InlineData("Geo-Consistency", "bounded;max=-5ms", "InvalidRequest", "bounded;max=")]
    [InlineData("Geo-Consistency", "bounded;max=5", "InvalidRequest", "bounded;max=")]
    [InlineData("Geo-Consistency", "bounded;min=5ms", "InvalidRequest", "bounded;max=")]
    [InlineData("Geo-Deadline", "soon", "InvalidRequest", "ms, s or m")]
    [InlineData("Geo-Deadline", "15", "InvalidRequest", "ms, s or m")]
    [InlineData("Geo-Deadline", "-1s", "InvalidRequest", "ms, s or m")]
    [InlineData("Geo-Deadline", "0s", "InvalidRequest", "ms, s or m")]
    [InlineData("Geo-Deadline", "1,5s", "InvalidRequest", "ms, s or m")]
    [InlineData("Geo-Deadline", "1e3s", "InvalidRequest", "ms, s or m")]
    [InlineData("Geo-Deadline", ".5s", "InvalidRequest", "ms, s or m")]
    [InlineData("Geo-Deadline", "5.s", "InvalidRequest", "ms, s or m")]
    [InlineData("Geo-Deadline", " s", "InvalidRequest", "ms, s or m")]
    [InlineData("Geo-Deadline", "1 s", "InvalidRequest", "ms, s or m")]
    [InlineData("Geo-Deadline", "0.00000001ms", "InvalidRequest", "ms, s or m")]
    [InlineData("Geo-Deadline", "99999999999999999999s", "InvalidRequest", "ms, s or m")]
    [InlineData("Geo-Deadline", "121s", "InvalidRequest", "at most 2m")]
    [InlineData("Idempotency-Key", "", "InvalidRequest", "1 to 256")]
    [InlineData("Idempotency-Key", "a b", "InvalidRequest", "1 to 256")]
    [InlineData("Geo-Session", "", "InvalidSession", "1 to 1024")]
    [InlineData("Geo-Session", "a b", "InvalidSession", "1 to 1024")]
    public async Task Nonsense_is_refused_with_what_would_be_right(string header, string value, string code, string hint)
    {
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Delete])
        {
            var response = await Client.Send(method, "/v1/documents/call-headers/refused", (HttpContent?)null, (header, value));
            var problem = await response.ShouldFail(HttpStatusCode.BadRequest, code);
            Assert.Contains(header, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.Contains(hint, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Idempotency-Key", 257, "InvalidRequest")]
    [InlineData("Geo-Session", 1025, "InvalidSession")]
    public async Task Long_tokens_are_refused(string header, int length, string code) =>
        await (await Client.Get("/v1/documents/call-headers/long", (header, new string('x', length)))).ShouldFail(HttpStatusCode.BadRequest, code);

    [Theory]
    [InlineData("Geo-Consistency", "strong")]
    [InlineData("Geo-Deadline", "1s")]
    [InlineData("Idempotency-Key", "k")]
    [InlineData("Geo-Session", "t")]
    public async Task A_header_that_is_given_twice_is_refused(string header, string value)
    {
        var response = await Client.SendRaw(
            $"GET /v1/documents/call-headers/twice HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{header}: {value}\r\n{header}: {value}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400", response, StringComparison.Ordinal);
        Assert.Contains($"The header {header} is given 2 times", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_token_is_accepted() => await Seen(HttpMethod.Get, "Geo-Session", new string('t', 1024));

    private async Task<GeoCallOptions> Seen(HttpMethod method, string header, string? value)
    {
        var id = Guid.NewGuid().ToString();
        var content = method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Delete ? null : ApiClient.Content("{}"u8.ToArray());
        var response = await Client.Send(method, $"/v1/documents/call-headers/{id}", content, value is null ? [] : [(header, value)]);
        Assert.True(response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return host.Router.Seen(ApiClient.Document("call-headers", id));
    }
}
