using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansGeo.Tests.Api;
using OrleansGeo.Tests.World.Processes;
using OrleansGeo.World.Processes;

namespace OrleansGeo.Tests.World.Http;

/// <summary>Consistency levels, sessions, counters, sets and maps as HTTP clients of a real world see them.</summary>
[Collection(AloneCollection.Name)]
public sealed class ConsistencyHttpTests : IAsyncLifetime
{
    private readonly TempFolder _temp = new();
    private WorldProgram _world = null!;
    private HttpClient[] _regions = [];

    public async Task InitializeAsync()
    {
        _world = WorldProgram.Start(
            _temp.File("state"), "--regions", WorldProgram.FreeRegions(), "--data", _temp.File("data"), "--ready-file", _temp.File("ready.json"), "--wan", "off");
        await _world.WaitForOutputAsync("3 of 3 regions up");
        _regions = [.. ReadyFile.Read(_temp.File("ready.json")).Select(static region => new HttpClient { BaseAddress = new(region.Url) })];
    }

    public async Task DisposeAsync()
    {
        foreach (var region in _regions)
        {
            region.Dispose();
        }

        await _world.DisposeAsync();
        _temp.Dispose();
    }

    [Fact]
    public async Task The_web_API_keeps_what_it_promises_of_reads_and_of_what_every_region_may_write()
    {
        await A_session_hops();
        await Reads_say_how_old_they_are();
        await Tokens_that_are_not_ours_are_refused();
        await Counters();
        await Sets_take_any_name();
        await Maps();
    }

    private async Task A_session_hops()
    {
        var session = "";
        for (var i = 0; i < 9; i++)
        {
            using var written = await _regions[i % 3].Put($"/v1/documents/hop/{i}", $"{i}", Session(session));
            Assert.Equal(HttpStatusCode.Created, written.StatusCode);
            session = written.Header("Geo-Session")!;
            using var read = await _regions[(i + 1) % 3].Get($"/v1/documents/hop/{i}", [("Geo-Consistency", "session"), .. Session(session)]);
            Assert.Equal($"{i}", await read.Content.ReadAsStringAsync());
            session = read.Header("Geo-Session")!;
        }
    }

    private async Task Reads_say_how_old_they_are()
    {
        using (await _regions[0].Put("/v1/documents/age/1", "1"))
        {
            foreach (var region in _regions)
            {
                await Worlds.Wait.UntilAsync("the read says how old it is", async () =>
                {
                    using var local = await region.Get("/v1/documents/age/1");
                    return local.Header("Geo-Staleness-Ms") is { } age && int.Parse(age, System.Globalization.CultureInfo.InvariantCulture) >= 0;
                });
                using var bounded = await region.Get("/v1/documents/age/1", ("Geo-Consistency", "bounded;max=1ms"));
                Assert.Equal(HttpStatusCode.OK, bounded.StatusCode);
                using var strong = await region.Get("/v1/documents/age/1", ("Geo-Consistency", "strong"));
                Assert.Equal(("0", "home"), (strong.Header("Geo-Staleness-Ms"), strong.Header("Geo-Role")));
            }
        }

        await Worlds.Wait.UntilAsync("every region says how old its copies are", async () =>
        {
            var seen = await _regions[0].GetFromJsonAsync<JsonElement>("/v1/geo/regions");
            return seen.GetProperty("regions").EnumerateArray().All(static region =>
                region.GetProperty("stalenessMs") is { ValueKind: JsonValueKind.Number } staleness && staleness.GetDouble() >= 0);
        });
        Assert.Contains("orleansgeo_replication_staleness_seconds", await _regions[0].GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    private async Task Tokens_that_are_not_ours_are_refused()
    {
        using var written = await _regions[0].Put("/v1/documents/token/1", "1");
        var token = written.Header("Geo-Session")!;
        foreach (var wrong in new[] { token[..^1], token[..8], $"B{token[1..]}", $"{token}AAAA", "x", new string('A', 40) })
        {
            foreach (var consistency in new[] { "local", "session", "strong" })
            {
                using var refused = await _regions[1].Get("/v1/documents/token/1", ("Geo-Consistency", consistency), ("Geo-Session", wrong));
                await refused.ShouldFail(HttpStatusCode.BadRequest, "InvalidSession");
            }
        }
    }

    private async Task Counters()
    {
        foreach (var (region, amount) in _regions.Zip(new[] { 5L, -7, 1000 }))
        {
            using var added = await region.Send(HttpMethod.Post, "/v1/counters/c%2Fd", $$"""{"add":{{amount}}}""", [("Idempotency-Key", $"k{amount}")]);
            Assert.Equal(HttpStatusCode.OK, added.StatusCode);
            using var again = await region.Send(HttpMethod.Post, "/v1/counters/c%2Fd", $$"""{"add":{{amount}}}""", [("Idempotency-Key", $"k{amount}")]);
            Assert.Equal(await added.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        }

        foreach (var region in _regions)
        {
            using var strong = await region.Get("/v1/counters/c%2Fd", ("Geo-Consistency", "strong"));
            Assert.Equal("""{"value":998}""", await strong.Content.ReadAsStringAsync());
            Assert.Null(strong.Header("ETag"));
        }

        foreach (var body in new[] { "{}", "[]", "1", """{"add":1.5}""", """{"add":"1"}""", """{"add":9223372036854775808}""", """{"add":-9223372036854775808}""", """{"add":1,"x":2}""", "" })
        {
            using var refused = await _regions[0].Send(HttpMethod.Post, "/v1/counters/c%2Fd", body, []);
            await refused.ShouldFail(HttpStatusCode.BadRequest, "InvalidDocument");
        }

        using var full = await _regions[0].Send(HttpMethod.Post, "/v1/counters/full", """{"add":9223372036854775807}""", []);
        Assert.Equal("""{"value":9223372036854775807}""", await full.Content.ReadAsStringAsync());
        using var overflow = await _regions[0].Send(HttpMethod.Post, "/v1/counters/full", """{"add":1}""", []);
        await overflow.ShouldFail(HttpStatusCode.Conflict, "CounterOverflow");
    }

    private async Task Sets_take_any_name()
    {
        string[] members = ["a", "a/b", "\u0001\u001f", "😀", " ", "%2F", "ä\u0301", new string('x', 512)];
        foreach (var (member, i) in members.Select(static (member, i) => (member, i)))
        {
            using var added = await _regions[i % 3].Put($"/v1/sets/s/{Uri.EscapeDataString(member)}", "");
            Assert.True(added.StatusCode == HttpStatusCode.NoContent, $"'{member}': {await added.Content.ReadAsStringAsync()}");
        }

        foreach (var region in _regions)
        {
            using var strong = await region.Get("/v1/sets/s", ("Geo-Consistency", "strong"));
            Assert.Equal(members.Order(StringComparer.Ordinal), (await strong.Body()).GetProperty("members").EnumerateArray().Select(static member => member.GetString()));
        }

        using var removed = await _regions[1].Delete($"/v1/sets/s/{Uri.EscapeDataString(members[2])}");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using var missing = await _regions[1].Delete($"/v1/sets/s/{Uri.EscapeDataString(members[2])}");
        await missing.ShouldFail(HttpStatusCode.NotFound, "NotFound");
        using var long513 = await _regions[1].Put($"/v1/sets/s/{new string('x', 513)}", "");
        await long513.ShouldFail(HttpStatusCode.BadRequest, "InvalidKey");
    }

    private async Task Maps()
    {
        using (var written = await _regions[2].Put("/v1/maps/m/color", """{"value": {"rgb": [1, 2, 3]}}"""))
        {
            Assert.Equal(HttpStatusCode.NoContent, written.StatusCode);
        }

        using (var strong = await _regions[0].Get("/v1/maps/m", ("Geo-Consistency", "strong")))
        {
            Assert.Equal("""{"fields":{"color":{"rgb": [1, 2, 3]}},"overruled":0}""", await strong.Content.ReadAsStringAsync());
        }

        using var refused = await _regions[0].Put("/v1/maps/m/color", "1");
        await refused.ShouldFail(HttpStatusCode.BadRequest, "InvalidDocument");
        using var removed = await _regions[0].Delete("/v1/maps/m/color");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using var missing = await _regions[0].Delete("/v1/maps/m/color");
        await missing.ShouldFail(HttpStatusCode.NotFound, "NotFound");
    }

    private static (string, string)[] Session(string token) => token.Length == 0 ? [] : [("Geo-Session", token)];
}
