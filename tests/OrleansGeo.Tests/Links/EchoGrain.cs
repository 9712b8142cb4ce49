using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Configuration;

namespace OrleansGeo.Tests.Links;

[GrainType("tests-link-echo"), Reentrant]
public sealed class EchoGrain(IOptions<ClusterOptions> cluster, TimeProvider time) : Grain, IEchoGrain
{
    private static readonly ConcurrentDictionary<string, TaskCompletionSource> Arrivals = new();

    /// <summary>Completes when <see cref="Hang"/> runs in the grain with this key, in any region of this process.</summary>
    public static Task Arrived(string key) => Arrival(key).Task;

    public Task<string> Where(string text) => Task.FromResult($"{text} in {cluster.Value.ClusterId}");

    public Task Hang()
    {
        Arrival(this.GetPrimaryKeyString()).TrySetResult();
        return new TaskCompletionSource().Task;
    }

    public ValueTask<long> When() => ValueTask.FromResult(time.GetTimestamp());

    public ValueTask Nothing() => ValueTask.CompletedTask;

    private static TaskCompletionSource Arrival(string key) =>
        Arrivals.GetOrAdd(key, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
