using System.Net;
using System.Text;
using System.Text.Json;

namespace OrleansGeo.Tests.Api;

[Collection(ApiTests.Name)]
public sealed class DocumentBodyTests(ApiHost host)
{
    private const int Limit = 512 * 1024;

    private HttpClient Client => host.Client;

    public static TheoryData<string, byte[], string> Malformed => new()
    {
        { "empty", [], "empty" },
        { "blank", "  \n "u8.ToArray(), "line 2, byte 2" },
        { "broken", "{\"a\":}"u8.ToArray(), "line 1, byte 6" },
        { "second line", "{\n  \"a\": 1,\n}"u8.ToArray(), "line 3, byte 1" },
        { "cut off", "[1, 2"u8.ToArray(), "line 1, byte 6" },
        { "trailing data", "{} {}"u8.ToArray(), "line 1, byte 4" },
        { "trailing comma", "[1,]"u8.ToArray(), "line 1, byte 4" },
        { "comment", "/* no */ 1"u8.ToArray(), "line 1, byte 1" },
        { "single quotes", "{'a':1}"u8.ToArray(), "line 1, byte 2" },
        { "not a number", "NaN"u8.ToArray(), "line 1, byte 1" },
        { "leading zero", "01"u8.ToArray(), "line 1, byte 2" },
        { "raw control character", "\"a\tb\""u8.ToArray(), "line 1, byte 3" },
        { "byte order mark", [0xEF, 0xBB, 0xBF, (byte)'1'], "byte order mark" },
        { "invalid UTF-8", [.. "[\"a\",\n \""u8, 0xC3, 0x28, .. "\"]"u8], "line 2, byte 3" },
        { "overlong UTF-8", [(byte)'"', 0xC0, 0xAF, (byte)'"'], "line 1, byte 2" },
        { "UTF-16", Encoding.Unicode.GetBytes("{}"), "line 1, byte 2" },
        { "duplicate", "{\"a\":1, \"a\":2}"u8.ToArray(), "'a' stands twice in one object at line 1, byte 9" },
        { "escaped duplicate", "[{\"x\":{\"a\":1,\"\\u0061\":2}}]"u8.ToArray(), "'a' stands twice" },
        { "lone surrogate", "\"\\uD83E\""u8.ToArray(), "half a surrogate pair at line 1, byte 1" },
        { "lone surrogate in a name", "{\"\\uDD8A\":1}"u8.ToArray(), "half a surrogate pair at line 1, byte 2" },
        { "depth 65", Nested(65), "depth of 64" },
    };

    [Theory, MemberData(nameof(Malformed))]
    public async Task Malformed_json_is_refused_with_its_place(string name, byte[] body, string expected)
    {
        foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Patch])
        {
            var response = await Client.Send(method, "/v1/documents/bodies/malformed", ApiClient.Content(body));
            var problem = await response.ShouldFail(HttpStatusCode.BadRequest, "InvalidDocument");
            var detail = problem.GetProperty("detail").GetString()!;
            Assert.True(detail.Contains(expected, StringComparison.Ordinal), $"{name}: {detail}");
            Assert.DoesNotContain("LineNumber", detail, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await Client.Get("/v1/documents/bodies/malformed")).StatusCode);
    }

    [Fact]
    public async Task The_same_name_in_different_objects_is_fine() => await ShouldAccept("""{"a":{"a":1},"b":[{"a":1},{"a":2}],"":{"":0}}"""u8.ToArray());

    [Fact]
    public async Task Depth_64_is_fine() => await ShouldAccept(Nested(64));

    [Fact]
    public async Task A_surrogate_pair_is_fine() => await ShouldAccept("\"\\uD83E\\uDD8A\""u8.ToArray());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_limit_is_exact_however_the_body_is_framed(bool chunked)
    {
        var path = $"/v1/documents/bodies/limit-{chunked}";
        var largest = await Client.Send(HttpMethod.Put, path, Framed(Text(Limit), chunked));
        Assert.Equal(HttpStatusCode.Created, largest.StatusCode);
        Assert.Equal(Limit, (await Client.GetByteArrayAsync(path)).Length);

        foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Patch])
        {
            var response = await Client.Send(method, path, Framed(Text(Limit + 1), chunked));
            var problem = await response.ShouldFail(HttpStatusCode.RequestEntityTooLarge, "TooLarge");
            Assert.Contains("524288", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_chunked_body_far_above_the_limit_is_cut_off()
    {
        // Raw, because a client that is still sending may see the reset before the answer.
        var response = await Client.SendRaw(
            "PUT /v1/documents/bodies/endless HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            + $"A0000\r\n{new string(' ', 0xA0000)}\r\n0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 413", response, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"TooLarge\"", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_announced_too_large_is_refused_before_it_is_sent()
    {
        using var handler = new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan };
        using var client = new HttpClient(handler) { BaseAddress = Client.BaseAddress };
        using var content = new UnsentContent(Limit + 1);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/v1/documents/bodies/announced") { Content = content };
        request.Headers.ExpectContinue = true;
        await (await client.SendAsync(request)).ShouldFail(HttpStatusCode.RequestEntityTooLarge, "TooLarge");
        Assert.False(content.WasSent);
    }

    [Fact]
    public async Task A_patch_that_makes_the_document_too_large_changes_nothing()
    {
        const string Path = "/v1/documents/bodies/grows";
        var before = JsonSerializer.Serialize(new { a = new string('a', Limit - 100) });
        await Client.Put(Path, before);
        await (await Client.Patch(Path, JsonSerializer.Serialize(new { b = new string('b', 200) }))).ShouldFail(HttpStatusCode.RequestEntityTooLarge, "TooLarge");
        Assert.Equal(before, await Client.GetStringAsync(Path));
    }

    [Theory]
    [InlineData("PUT", null)]
    [InlineData("PUT", "text/plain")]
    [InlineData("PUT", "application/x-www-form-urlencoded")]
    [InlineData("PUT", "application/merge-patch+json")]
    [InlineData("PUT", "application/json; charset=utf-16")]
    [InlineData("PATCH", "application/json-patch+json")]
    [InlineData("PATCH", null)]
    public async Task Another_media_type_is_refused(string method, string? mediaType)
    {
        var response = await Client.Send(HttpMethod.Parse(method), "/v1/documents/bodies/types", ApiClient.Content("{}"u8.ToArray(), mediaType));
        await response.ShouldFail(HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType");
        Assert.Equal(method == "PATCH" ? "application/merge-patch+json, application/json" : null, response.Header("Accept-Patch"));
    }

    [Fact]
    public async Task An_encoded_body_is_refused()
    {
        var content = ApiClient.Content("{}"u8.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        await (await Client.Send(HttpMethod.Put, "/v1/documents/bodies/encoded", content)).ShouldFail(HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType");
    }

    [Theory]
    [InlineData("PUT", "application/json; charset=utf-8")]
    [InlineData("PUT", "APPLICATION/JSON; charset=\"UTF-8\"")]
    [InlineData("PATCH", "application/json")]
    [InlineData("PATCH", "application/merge-patch+json")]
    public async Task These_media_types_are_fine(string method, string mediaType)
    {
        const string Path = "/v1/documents/bodies/types-ok";
        await Client.Put(Path, "{}");
        var response = await Client.Send(HttpMethod.Parse(method), Path, ApiClient.Content("{}"u8.ToArray(), mediaType));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task ShouldAccept(byte[] json)
    {
        var path = $"/v1/documents/bodies/{Guid.NewGuid()}";
        Assert.Equal(HttpStatusCode.Created, (await Client.Send(HttpMethod.Put, path, ApiClient.Content(json))).StatusCode);
        Assert.Equal(json, await Client.GetByteArrayAsync(path));
    }

    private static byte[] Nested(int depth) => Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth));

    private static byte[] Text(int bytes) => Encoding.UTF8.GetBytes($"\"{new string('x', bytes - 2)}\"");

    private static HttpContent Framed(byte[] body, bool chunked)
    {
        if (!chunked)
        {
            return ApiClient.Content(body);
        }

        // Small reads make small chunks: their framing must not count.
        var content = new StreamContent(new UnseekableStream(body), bufferSize: 512);
        content.Headers.ContentType = new("application/json");
        return content;
    }

    private sealed class UnsentContent : HttpContent
    {
        private readonly long _length;

        public UnsentContent(long length)
        {
            _length = length;
            Headers.ContentType = new("application/json");
        }

        public bool WasSent { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            WasSent = true;
            return stream.WriteAsync(new byte[_length], 0, (int)_length);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _length;
            return true;
        }
    }

    private sealed class UnseekableStream(byte[] body) : MemoryStream(body)
    {
        public override bool CanSeek => false;
    }
}
