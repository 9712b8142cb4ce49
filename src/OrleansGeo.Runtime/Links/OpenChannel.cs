using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace OrleansGeo.Runtime.Links;

/// <summary>A channel and the clients it sends through.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The token source has no timer, and a consumer may register with its token after the end.")]
internal sealed class OpenChannel
{
    private readonly CancellationTokenSource _closed = new();

    public OpenChannel(ImmutableArray<GatewayClient> clients)
    {
        Clients = clients;
        Channel = (clients is [var only]
            ? new RegionChannel(only.ReferenceRuntime, only.Grains, _closed.Token)
            : new RegionChannel(
                new SpreadReferenceRuntime([.. clients.Select(client => client.ReferenceRuntime)]),
                new SpreadGrainFactory([.. clients.Select(client => client.Grains)]),
                _closed.Token)) with
        {
            Manifests = () => clients[0].Manifests,
        };
    }

    public ImmutableArray<GatewayClient> Clients { get; }

    public RegionChannel Channel { get; }

    // The token reads as cancelled when this returns. Callbacks run elsewhere: what a consumer does in one must not delay the
    // failing of the calls in flight. They belong to the consumers, and so do their exceptions.
    public void Close() =>
        _ = _closed.CancelAsync().ContinueWith(static task => task.Exception, TaskContinuationOptions.ExecuteSynchronously);
}
