using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Orleans.Runtime;
using OrleansGeo.Api.Documents;

namespace OrleansGeo.Tests.Api;

/// <summary>Requests as tests write them.</summary>
internal static class ApiClient
{
    public const string Json = "application/json";
    public const string MergePatch = "application/merge-patch+json";

    public static GrainId Document(string collection, string id) => GrainId.Create("document", DocumentKey.Of(collection, id));

    public static Task<HttpResponseMessage> Put(this HttpClient client, string path, string json, params (string, string)[] headers) =>
        client.Send(HttpMethod.Put, path, json, headers);

    public static Task<HttpResponseMessage> Patch(this HttpClient client, string path, string json, params (string, string)[] headers) =>
        client.Send(HttpMethod.Patch, path, json, headers, MergePatch);

    public static Task<HttpResponseMessage> Get(this HttpClient client, string path, params (string, string)[] headers) =>
        client.Send(HttpMethod.Get, path, null, headers);

    public static Task<HttpResponseMessage> Delete(this HttpClient client, string path, params (string, string)[] headers) =>
        client.Send(HttpMethod.Delete, path, null, headers);

    public static Task<HttpResponseMessage> Send(
        this HttpClient client, HttpMethod method, string path, string? body, (string Name, string Value)[] headers, string mediaType = Json) =>
        client.Send(method, path, body is null ? null : Content(Encoding.UTF8.GetBytes(body), mediaType), headers);

    public static async Task<HttpResponseMessage> Send(
        this HttpClient client, HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return await client.SendAsync(request);
    }

    public static HttpContent Content(byte[] body, string? mediaType = Json)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = mediaType is null ? null : MediaTypeHeaderValue.Parse(mediaType);
        return content;
    }

    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    public static async Task<JsonElement> Body(this HttpResponseMessage response) =>
        JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());

    /// <summary>Checks that the response is a whole problem with this status and code; its body.</summary>
    public static async Task<JsonElement> ShouldFail(this HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"expected {(int)status}, got {(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.Equal($"urn:orleansgeo:problem:{code}", problem.GetProperty("type").GetString());
        foreach (var member in (string[])["title", "detail", "instance", "traceId"])
        {
            Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty(member).GetString()), $"{member} is empty: {text}");
        }

        return problem;
    }

    /// <summary>Sends bytes as they are, without a client's own ideas about paths and headers, and reads until the server closes.</summary>
    public static async Task<string> SendRaw(this HttpClient client, string request)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, client.BaseAddress!.Port);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    public static Task<string> GetRaw(this HttpClient client, string target) =>
        client.SendRaw($"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    public static Task<string> PutRaw(this HttpClient client, string target, string json) => client.SendRaw(
        $"PUT {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}");
}
