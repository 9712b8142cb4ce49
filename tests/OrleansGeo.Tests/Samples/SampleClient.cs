using Orleans.Runtime;
using OrleansGeo.Tests.Worlds;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Samples;

/// <summary>An application's caller in one region: it repeats a request under one key, through another region if need be, until it knows what became of it.</summary>
internal sealed class SampleClient(BreakableWorld world, string region)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(20);

    public string Region => region;

    public Task AskAsync(string requestKey, Func<IGrainFactory, Task> request) => AskAsync(requestKey, async grains =>
    {
        await request(grains);
        return true;
    });

    public async Task<T> AskAsync<T>(string requestKey, Func<IGrainFactory, Task<T>> request)
    {
        var start = TimeProvider.System.GetTimestamp();
        Exception? last = null;
        for (var attempt = Array.IndexOf(Names, region); TimeProvider.System.GetElapsedTime(start) < Patience; attempt++)
        {
            var through = world[Names[attempt % Names.Length]];
            if (!through.IsRunning)
            {
                continue;
            }

            try
            {
                using var session = GeoSession.Begin(new() { RequestKey = requestKey, Deadline = Deadline });
                return await request(through.Grains);
            }
            catch (Exception exception) when (!through.IsRunning || IsUnknown(exception))
            {
                last = exception;
                await Task.Delay(Again, TimeProvider.System);
            }
        }

        throw new TimeoutException($"Request '{requestKey}' of {region} had no answer for {Patience.TotalSeconds} s. The last attempt ended with: {last?.Message}", last);
    }

    /// <summary>What the home has, read through this region.</summary>
    public Task<T> ReadAsync<T>(Func<IGrainFactory, Task<T>> read) => ReadAsync(ReadConsistency.Strong, read);

    /// <summary>What this region has.</summary>
    public Task<T> ReadLocalAsync<T>(Func<IGrainFactory, Task<T>> read) => ReadAsync(ReadConsistency.Local, read);

    /// <summary>What this region has, or null while it is being lost.</summary>
    public async Task<T?> LookAsync<T>(Func<IGrainFactory, Task<T>> read)
        where T : class
    {
        var here = world[region];
        try
        {
            return here.IsRunning ? await ReadLocalAsync(read) : null;
        }
        catch (Exception exception) when (!here.IsRunning || IsUnknown(exception))
        {
            return null;
        }
    }

    private async Task<T> ReadAsync<T>(ReadConsistency consistency, Func<IGrainFactory, Task<T>> read)
    {
        using var session = GeoSession.Begin(new() { Consistency = consistency, Deadline = Deadline });
        return await read(world[region].Grains);
    }

    private static bool IsUnknown(Exception exception) => exception is OrleansException or TimeoutException or OperationCanceledException or ObjectDisposedException
        or GeoException { Code: GeoErrorCode.HomeUnavailable or GeoErrorCode.DeadlineExceeded or GeoErrorCode.RegionIsolated or GeoErrorCode.TooManyRequests };
}
