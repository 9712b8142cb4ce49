namespace OrleansGeo.Tests.Storage.AzureTables.Membership;

/// <summary>Does something else than sending to the first <paramref name="requests"/> that write; what follows goes through.</summary>
internal sealed class FirstRequestFaults(int requests, Func<Func<Task<HttpResponseMessage>>, CancellationToken, Task<HttpResponseMessage>> fault)
    : DelegatingHandler(new SocketsHttpHandler())
{
    private int _attempts;

    /// <summary>Attempts to write, the faulty ones among them.</summary>
    public int Attempts => _attempts;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Task<HttpResponseMessage> Send() => base.SendAsync(request, cancellationToken);
        return request.Method != HttpMethod.Get && Interlocked.Increment(ref _attempts) <= requests ? fault(Send, cancellationToken) : Send();
    }
}
