using Microsoft.Extensions.Logging.Abstractions;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Tests.Storage;

namespace OrleansGeo.Tests.Shards;

/// <summary>What is done before a shard leaves: all of it, and within a bound.</summary>
public sealed class LeavingCallbacksTests
{
    private static readonly TimeSpan Ages = TimeSpan.FromMinutes(5);

    private readonly LeavingCallbacks _leaving = new();

    [Fact]
    public async Task All_callbacks_have_ended_before_the_shard_goes_on_also_beside_one_that_fails()
    {
        var ended = 0;
        using var first = _leaving.OnLeaving(async _ =>
        {
            await Task.Yield();
            Interlocked.Increment(ref ended);
        });
        using var broken = _leaving.OnLeaving(static _ => throw new InvalidOperationException("it is broken"));
        using var second = _leaving.OnLeaving(async _ =>
        {
            await Task.Yield();
            Interlocked.Increment(ref ended);
        });
        await RunAsync(Ages);
        Assert.Equal(2, ended);

        // A hand-over that was withdrawn is tried again.
        await RunAsync(Ages);
        Assert.Equal(4, ended);
    }

    [Fact]
    public async Task A_callback_that_takes_longer_than_the_bound_is_cancelled_and_not_waited_for()
    {
        var never = new TaskCompletionSource();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = _leaving.OnLeaving(token =>
        {
            token.Register(cancelled.SetResult);
            begun.SetResult();
            return never.Task;
        });

        // The time is up when the callback runs: on a machine whose threads are all busy, 20 ms may end before it begins.
        var time = new HandTime();
        var run = _leaving.RunAsync(new ShardId("q-07"), TimeSpan.FromMilliseconds(20), time, NullLogger.Instance, CancellationToken.None);
        await begun.Task.WaitAsync(Ages);
        Assert.False(run.IsCompleted);
        time.Fire();
        await run.WaitAsync(Ages);
        await cancelled.Task.WaitAsync(Ages);
    }

    [Fact]
    public async Task What_is_not_registered_any_more_is_not_called()
    {
        var calls = 0;
        var registration = _leaving.OnLeaving(_ =>
        {
            calls++;
            return Task.CompletedTask;
        });
        await RunAsync(Ages);
        registration.Dispose();
        await RunAsync(Ages);
        Assert.Equal(1, calls);
    }

    private Task RunAsync(TimeSpan bound) =>
        _leaving.RunAsync(new ShardId("q-07"), bound, TimeProvider.System, NullLogger.Instance, CancellationToken.None).WaitAsync(Ages);
}
