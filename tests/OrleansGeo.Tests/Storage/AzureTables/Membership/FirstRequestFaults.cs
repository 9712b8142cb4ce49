using Azure.Core;
using Azure.Core.Pipeline;

namespace OrleansGeo.Tests.Storage.AzureTables.Membership;

/// <summary>Does something else than sending to the first <paramref name="requests"/> that write; what follows goes through.</summary>
internal sealed class FirstRequestFaults(int requests, Func<HttpMessage, Func<ValueTask>, ValueTask> fault) : HttpPipelinePolicy
{
    private int _seen;

    /// <summary>Attempts to write, the faulty ones among them.</summary>
    public int Attempts => _seen;

    public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        message.Request.Method != RequestMethod.Get && Interlocked.Increment(ref _seen) <= requests
            ? fault(message, () => ProcessNextAsync(message, pipeline))
            : ProcessNextAsync(message, pipeline);

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException("The tests ask asynchronously.");
}
