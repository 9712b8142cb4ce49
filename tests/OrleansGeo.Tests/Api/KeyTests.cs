using System.Net;
using System.Text;
using OrleansGeo.Api.Documents;

namespace OrleansGeo.Tests.Api;

/// <summary>Names in paths. Raw sockets, because clients rewrite paths before they send them.</summary>
[Collection(ApiTests.Name)]
public sealed class KeyTests(ApiHost host)
{
    private HttpClient Client => host.Client;

    /// <summary>What stands in the path, and the grain key that it must mean.</summary>
    [Theory]
    [InlineData("cities/paris", "cities/paris")]
    [InlineData("cities/p%61ris", "cities/paris")]
    [InlineData("cities/a%2Fb", "cities/a/b")]
    [InlineData("cities/a%2fb", "cities/a/b")]
    [InlineData("cities/a%252Fb", "cities/a%2Fb")]
    [InlineData("cities/%2F", "cities//")]
    [InlineData("a%2Fb/c", "a%2Fb/c")]
    [InlineData("a%252Fb/c", "a%252Fb/c")]
    [InlineData("%25/%25", "%25/%")]
    [InlineData("cities/westeurope~cart", "cities/westeurope~cart")]
    [InlineData("cities/%F0%9F%A6%8A", "cities/🦊")]
    [InlineData("cities/%E2%82%AC+%20%C3%A9", "cities/€+ é")]
    [InlineData("cities/e%CC%81", "cities/e\u0301")]
    [InlineData("cities/a:b@c;d=1,2!$&'()*", "cities/a:b@c;d=1,2!$&'()*")]
    [InlineData("cities/%3F%23%5C%22%3C%3E", "cities/?#\\\"<>")]
    [InlineData("cities/...", "cities/...")]
    [InlineData("cities/..%2F..", "cities/../..")]
    [InlineData("cities/paris/", "cities/paris")]
    [InlineData("cities/paris?x=/y", "cities/paris")]
    [InlineData("./cities/paris", "cities/paris")]
    [InlineData("x/../cities/paris", "cities/paris")]
    public async Task A_path_means_one_key(string path, string key)
    {
        var response = await Client.GetRaw($"/v1/geo/homes/documents/{path}");
        Assert.StartsWith("HTTP/1.1 200", response, StringComparison.Ordinal);
        var body = response[response.IndexOf('{', StringComparison.Ordinal)..(response.LastIndexOf('}') + 1)];
        Assert.Equal("document/" + key, System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("entity").GetString());
    }

    [Theory]
    [InlineData("cities/%FF")]
    [InlineData("cities/%C3%28")]
    [InlineData("cities/%ED%A0%80")]
    [InlineData("cities/%zz")]
    [InlineData("cities/%2")]
    [InlineData("cities/100%")]
    [InlineData("%C0%AF/x")]
    [InlineData("cities/%0A")]
    [InlineData("cities/a%09b")]
    [InlineData("cities/%7F")]
    [InlineData("cities/%C2%85")]
    [InlineData("ci%1Fties/x")]
    [InlineData("cities/a/./.")]
    public async Task A_name_that_cannot_be_a_key_is_refused(string path)
    {
        foreach (var response in (string[])[await Client.GetRaw($"/v1/documents/{path}"), await Client.PutRaw($"/v1/documents/{path}", "1")])
        {
            Assert.StartsWith("HTTP/1.1 400", response, StringComparison.Ordinal);
            Assert.Contains("application/problem+json", response, StringComparison.Ordinal);
            Assert.Contains("\"code\":\"InvalidKey\"", response, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("cities/..")]
    [InlineData("cities/%2E%2e")]
    [InlineData("cities/.")]
    [InlineData("cities")]
    [InlineData("cities/")]
    [InlineData("cities//")]
    [InlineData("/paris")]
    [InlineData("cities/a/b")]
    public async Task A_path_without_two_names_is_not_served(string path)
    {
        var response = await Client.GetRaw($"/v1/documents/{path}");
        Assert.StartsWith("HTTP/1.1 404", response, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"NotFound\"", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_absolute_form_of_a_target_is_understood()
    {
        // Not with a slash in a name: the server decodes that in this form, which only proxies are sent (RFC 9112 §3.2.2).
        Assert.StartsWith("HTTP/1.1 201", await Client.PutRaw("http://localhost/v1/documents/absolute/%252F%F0%9F%A6%8A", "1"), StringComparison.Ordinal);
        Assert.Equal("1", await Client.GetStringAsync("/v1/documents/absolute/%252F%F0%9F%A6%8A"));
    }

    [Fact]
    public async Task A_path_that_routing_saw_differently_is_refused()
    {
        // Routed as collection a and document b, sent as neither.
        var response = await Client.PutRaw("http://localhost/v1/documents/a%2Fb", "1");
        Assert.StartsWith("HTTP/1.1 400", response, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"InvalidKey\"", response, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(128, 512, 201)]
    [InlineData(129, 1, 400)]
    [InlineData(1, 513, 400)]
    public async Task Lengths_are_limited(int collectionBytes, int idBytes, int status)
    {
        var response = await Client.Put($"/v1/documents/{new string('c', collectionBytes)}/{new string('i', idBytes)}", "1");
        Assert.Equal(status, (int)response.StatusCode);
        if (status == 400)
        {
            await response.ShouldFail(HttpStatusCode.BadRequest, "InvalidKey");
        }
    }

    [Fact]
    public async Task Lengths_count_bytes_not_characters()
    {
        string Id(int foxes) => string.Concat(Enumerable.Repeat("%F0%9F%A6%8A", foxes));
        Assert.Equal(HttpStatusCode.Created, (await Client.Put($"/v1/documents/lengths/{Id(128)}", "1")).StatusCode);
        await (await Client.Put($"/v1/documents/lengths/{Id(129)}", "1")).ShouldFail(HttpStatusCode.BadRequest, "InvalidKey");
    }

    [Fact]
    public void The_longest_names_fit_a_grain_key()
    {
        var key = DocumentKey.Of(new string('%', DocumentKey.MaxCollectionBytes), new string('%', DocumentKey.MaxIdBytes));
        Assert.True(Encoding.UTF8.GetByteCount(key) <= new OrleansGeo.Runtime.Configuration.GeoLimits().KeyBytes);
    }

    [Fact]
    public void No_two_names_share_a_key()
    {
        char[] alphabet = ['/', '%', '2', 'F', 'a'];
        var words = alphabet.Select(c => c.ToString()).ToList();
        for (var length = 2; length <= 3; length++)
        {
            words.AddRange([.. words.Where(word => word.Length == length - 1).SelectMany(word => alphabet.Select(c => word + c))]);
        }

        var names = words.SelectMany(collection => words.Select(id => DocumentKey.Of(collection, id))).ToList();
        Assert.Equal(names.Count, names.Distinct(StringComparer.Ordinal).Count());
    }
}
