using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace OrleansGeo.Tests.Server;

/// <summary>Takes connections where a peer's gateway should be, and is not that peer.</summary>
internal sealed class FakeGateway : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<NetworkStream, CancellationToken, Task> _serve;
    private readonly Task _loop;

    private FakeGateway(Func<NetworkStream, CancellationToken, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _loop = Task.Run(RunAsync);
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Speaks TLS with this certificate.</summary>
    public static FakeGateway WithCertificate(X509Certificate2 certificate) => new(async (stream, stop) =>
    {
        await using var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true) }, stop);
        await tls.ReadExactlyAsync(new byte[1], stop);
    });

    /// <summary>Answers at once, and not in TLS.</summary>
    public static FakeGateway WithoutTls() => new(static async (stream, stop) => await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), stop));

    /// <summary>Never says a word.</summary>
    public static FakeGateway Silent() => new(static (_, stop) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await _serve(client.GetStream(), _stop.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or AuthenticationException)
            {
                // It was not let in.
            }
        }
    }
}
