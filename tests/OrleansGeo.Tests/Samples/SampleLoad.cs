using OrleansGeo.Tests.Worlds;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Samples;

/// <summary>Callers in every region, each with one request after the other until they are stopped. Each request ends with a known outcome, or fails the test.</summary>
internal sealed class SampleLoad
{
    // So that what the entities hold stays small; no test waits for it.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private readonly int[] _answered = new int[Names.Length];
    private readonly Task[] _callers;
    private volatile bool _stopping;

    /// <param name="world">Where.</param>
    /// <param name="request">Makes a caller's request of a number, which goes up from 0.</param>
    public SampleLoad(BreakableWorld world, Func<SampleClient, int, Task> request) =>
        _callers = [.. Names.Select((name, caller) => Task.Run(() => CallAsync(caller, new(world, name), request)))];

    /// <summary>Completes when every caller had a further answer, to a request made from now on.</summary>
    public async Task GoOnAsync(string after)
    {
        var before = _answered.ToArray();
        await Wait.UntilAsync($"callers in every region are answered after {after}", async () =>
        {
            if (_callers.FirstOrDefault(static caller => caller.IsCompleted) is { } ended)
            {
                await ended;
            }

            return _answered.Zip(before).All(static count => count.First > count.Second + 1);
        });
    }

    public Task StopAsync()
    {
        _stopping = true;
        return Task.WhenAll(_callers);
    }

    private async Task CallAsync(int caller, SampleClient client, Func<SampleClient, int, Task> request)
    {
        for (var number = 0; !_stopping; number++)
        {
            await request(client, number);
            _answered[caller]++;
            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}
