using System.Globalization;
using System.Net;
using OrleansGeo.Tests.Api;

namespace OrleansGeo.Tests.World.Moves;

/// <summary>A document that one client counts up, each time through another region, in one session; what it was told is remembered.</summary>
internal sealed class NumberedDocument(string id)
{
    private static readonly (string, string) Deadline = ("Geo-Deadline", "30s");

    /// <summary>So that a client is not all that the machine does.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly List<(HttpStatusCode Status, string Body)> _answers = [];
    private string? _session;
    private volatile int _count;

    public string Path { get; } = $"/v1/documents/moves/{id}";

    public string Home { get; } = $"/v1/geo/homes/documents/moves/{id}";

    /// <summary>How often it was written.</summary>
    public int Count => _count;

    public string Newest => Body(_count);

    /// <summary>Writes the next number through one region, and has another read it.</summary>
    public async Task WriteAsync(HttpClient writer, HttpClient reader)
    {
        await WriteAsync(writer);
        var number = _count;
        using var read = await reader.Get(Path, ("Geo-Consistency", "session"), ("Geo-Session", _session!), Deadline);
        Assert.Equal((HttpStatusCode.OK, Body(number)), (read.StatusCode, await read.Content.ReadAsStringAsync()));
        _session = read.Header("Geo-Session");
    }

    public async Task WriteAsync(IReadOnlyList<HttpClient> regions, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await WriteAsync(regions[i % regions.Count], regions[(i + 1) % regions.Count]);
        }
    }

    public async Task WriteUntilAsync(IReadOnlyList<HttpClient> regions, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await WriteAsync(regions, 1);
            await WriteAsync([regions[1], regions[0]], 1);
            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Writes the next number on condition that nobody has written since it was read; the same condition does not hold again.</summary>
    public async Task WriteIfUnchangedAsync(HttpClient region)
    {
        using var read = await region.Get(Path, ("Geo-Consistency", "strong"), Deadline);
        var condition = ("If-Match", read.Header("ETag")!);
        await WriteAsync(region, condition);
        using var late = await region.Put(Path, Body(0), condition, Deadline);
        Assert.Equal(HttpStatusCode.PreconditionFailed, late.StatusCode);
    }

    /// <summary>Requests that were made before get the answers that they got then.</summary>
    public async Task RepeatAsync(HttpClient region, params IEnumerable<int> numbers)
    {
        foreach (var number in numbers)
        {
            using var repeated = await PutAsync(region, number);
            Assert.Equal(_answers[number - 1], (repeated.StatusCode, await repeated.Content.ReadAsStringAsync()));
        }
    }

    public async Task<string> ReadAsync(HttpClient region, string consistency)
    {
        using var read = await region.Get(Path, ("Geo-Consistency", consistency), Deadline);
        return $"{await read.Content.ReadAsStringAsync()} at {read.Header("ETag")}";
    }

    private async Task WriteAsync(HttpClient writer, params (string, string)[] headers)
    {
        var number = _count + 1;
        using var written = await PutAsync(writer, number, headers);
        var answer = (written.StatusCode, Body: await written.Content.ReadAsStringAsync());
        Assert.True(written.StatusCode == (number == 1 ? HttpStatusCode.Created : HttpStatusCode.OK), $"write {number} by {writer.BaseAddress}: {answer}");
        _answers.Add(answer);
        (_session, _count) = (written.Header("Geo-Session"), number);
    }

    private Task<HttpResponseMessage> PutAsync(HttpClient region, int number, params (string, string)[] headers) => region.Put(
        Path, Body(number), [.. headers, ("Idempotency-Key", string.Create(CultureInfo.InvariantCulture, $"{id}-{number}")), .. _session is { } token ? new[] { ("Geo-Session", token) } : [], Deadline]);

    private static string Body(int number) => string.Create(CultureInfo.InvariantCulture, $$"""{"number":{{number}}}""");
}
