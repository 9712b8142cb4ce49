using System.Net.Http.Json;

namespace OrleansGeo.Tests.Server;

/// <summary>Writes documents of every shard through several regions at once, until it is stopped. Any failure fails the test.</summary>
internal sealed class DocumentWriters : IAsyncDisposable
{
    private const int Documents = 40;

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _written = new(0);
    private readonly Task _loops;

    public DocumentWriters(ServerWorld world, params string[] regions) =>
        _loops = Task.WhenAll(regions.Select(region => Task.Run(() => RunAsync(world, region))));

    /// <summary>Completes when so many more were acknowledged.</summary>
    public async Task WrittenAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var written = _written.WaitAsync(TimeSpan.FromSeconds(60));
            if (await Task.WhenAny(written, _loops) == _loops)
            {
                await _loops;
            }

            Assert.True(await written, "Nothing is acknowledged any more.");
        }

        while (_written.Wait(0))
        {
            // What was acknowledged before somebody asked does not count for the next who asks.
        }
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _loops;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loops.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _written.Dispose();
    }

    private async Task RunAsync(ServerWorld world, string region)
    {
        using var http = world.Client(region, world.Tokens.Make($"writer in {region}", "geo.write"));
        for (var i = 0; !_stop.IsCancellationRequested; i++)
        {
            using var response = await http.PutAsync($"/v1/documents/{region}/{i % Documents}", JsonContent.Create(new { i }));
            Assert.True(response.IsSuccessStatusCode, $"Write {i} through {region}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            _written.Release();
        }
    }
}
