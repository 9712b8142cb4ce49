using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansGeo.Api;
using OrleansGeo.Api.Events;
using OrleansGeo.Operations;
using OrleansGeo.Tests.Storage;
using OrleansGeo.Tests.World;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Api;

public sealed class EventTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeAdmin _admin = new();
    private readonly HandTime _time = new();
    private LoopbackApp _app = null!;

    public async Task InitializeAsync() => _app = await LoopbackApp.StartAsync(
        services =>
        {
            services.AddGeoApi(static options => options.MaxEventStreams = 2);
            services.AddSingleton<IGeoWorld>(new FakeWorld());
            services.AddSingleton<IGeoAdmin>(_admin);
            services.AddSingleton<TimeProvider>(_time);
            services.AddSingleton<IGrainFactory>(static _ => throw new NotSupportedException());
        },
        static app => app.MapGeoApi());

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    [Fact]
    public async Task Events_arrive_as_they_happen_and_a_comment_when_none_does()
    {
        using var response = await WatchAsync();
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no-store", response.Header("Cache-Control"));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal(": watching", await NextAsync(reader));

        Assert.Equal(TimeSpan.FromSeconds(15), await _time.ArmedAsync());
        _time.Fire();
        Assert.Equal(": nothing new", await NextAsync(reader));

        _admin.Happen(new(17, DateTimeOffset.UnixEpoch, GeoEventType.HandedOver, "eastus2", "q-07", 4, "q-07 serves at \"eastus2\"\nnow."));
        Assert.Equal(
            "id: 17|event: handed-over|data: "
            + """{"id":17,"at":"1970-01-01T00:00:00+00:00","type":"handed-over","region":"eastus2","shard":"q-07","epoch":4,"text":"q-07 serves at \u0022eastus2\u0022\nnow."}""",
            await NextAsync(reader));

        _admin.Happen(new(18, DateTimeOffset.UnixEpoch, GeoEventType.Topology, "westeurope", null, null, "x"));
        Assert.Contains("event: topology|", await NextAsync(reader), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_leaves_frees_its_place_and_too_many_are_refused()
    {
        var first = await WatchAsync();
        using var second = await WatchAsync();
        await (await WatchAsync()).ShouldFail(HttpStatusCode.TooManyRequests, "TooManyRequests");

        first.Dispose();
        await Wait.UntilAsync("a place is free again", async () =>
        {
            using var again = await WatchAsync();
            return again.StatusCode == HttpStatusCode.OK;
        });
    }

    [Fact]
    public async Task A_stream_ends_when_the_host_stops()
    {
        using var hostStops = new CancellationTokenSource();
        var streams = new EventStreams(Options.Create(new GeoApiOptions { MaxEventStreams = 1 }));
        var stream = new EventStreamResult(_admin, streams, TimeProvider.System, hostStops.Token).ExecuteAsync(new DefaultHttpContext());
        Assert.False(stream.IsCompleted);
        Assert.False(streams.TryOpen());

        await hostStops.CancelAsync();

        await stream.WaitAsync(Patience);
        Assert.Equal(0, _admin.Watchers);
        Assert.True(streams.TryOpen());
    }

    [Fact]
    public void Every_kind_has_a_name_of_its_own()
    {
        var names = Enum.GetValues<GeoEventType>().Select(EventNames.Of).ToList();
        Assert.Equal(["topology", "lease-acquired", "lease-lost", "promoted", "handed-over", "link", "lag", "lost-writes", "store-went-back"], names);
    }

    private Task<HttpResponseMessage> WatchAsync() => _app.Http.GetAsync("/v1/geo/events", HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);

    /// <summary>The lines up to the next empty one.</summary>
    private static async Task<string> NextAsync(StreamReader reader)
    {
        var lines = new List<string>();
        while (await reader.ReadLineAsync().WaitAsync(Patience) is { Length: > 0 } line)
        {
            lines.Add(line);
        }

        return string.Join('|', lines);
    }
}
