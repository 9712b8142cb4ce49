using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;

namespace OrleansGeo.Server.Tls;

/// <summary>
/// Mutual TLS as Orleans connection middleware. Both sides show a certificate that one of the configured authorities signed and that names the right
/// region; nothing else is read from, or written to, a connection before that.
/// </summary>
internal sealed class LinkTls(LinkCertificates certificates, TlsOptions options, Refusals refusals, TimeProvider time)
{
    private const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>A door of this silo, through which only certificates of these regions come.</summary>
    public void Accept(IConnectionBuilder builder, string door, ImmutableArray<string> regions) => builder.Use(next => async context =>
    {
        var check = new PeerCheck(regions);
        await using var tls = new SslStream(new DuplexStream(context.Transport), leaveInnerStreamOpen: true);
        if (await HandshakeAsync(context, check, ends => tls.AuthenticateAsServerAsync(AsServer(check), ends)) is { } problem)
        {
            refusals.Tell(door, context.RemoteEndPoint, problem);
            context.Abort();
            return;
        }

        await RunAsync(context, next, tls, tls);
    });

    /// <summary>A connection that this process dials: to a silo or gateway of that region, and to nobody else.</summary>
    public void Connect(IConnectionBuilder builder, string region) => builder.Use(next => async context =>
    {
        var peer = $"{region} at {context.RemoteEndPoint}";
        var check = new PeerCheck([region]);
        await using var tls = new SslStream(new DuplexStream(context.Transport), leaveInnerStreamOpen: true);
        if (await HandshakeAsync(context, check, ends => tls.AuthenticateAsClientAsync(AsClient(check, region), ends)) is { } problem)
        {
            throw new PeerRefusedException($"{peer} is not let in: {problem}");
        }

        await using var reading = new FirstReadStream(tls, peer);
        await RunAsync(context, next, reading, tls);
    });

    private static async Task RunAsync(ConnectionContext context, ConnectionDelegate next, Stream reading, Stream writing)
    {
        var bare = context.Transport;
        await using var transport = new TlsTransport(reading, writing);
        context.Transport = transport;
        try
        {
            await next(context);
        }
        finally
        {
            context.Transport = bare;
        }
    }

    /// <summary>Why the connection is not taken; null: it is.</summary>
    private async Task<string?> HandshakeAsync(ConnectionContext context, PeerCheck check, Func<CancellationToken, Task> handshake)
    {
        using var timeout = new CancellationTokenSource(options.HandshakeTimeout, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.ConnectionClosed);
        try
        {
            await handshake(ends.Token);
            return null;
        }
        catch (OperationCanceledException)
        {
            return timeout.IsCancellationRequested
                ? $"it did not finish the TLS handshake within {options.HandshakeTimeout.TotalSeconds:0.#} s"
                : "it closed the connection during the TLS handshake";
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or CryptographicException)
        {
            return check.Problem ?? $"it does not speak TLS, or refuses this process's certificate ({exception.Message.TrimEnd('.')})";
        }
    }

    private SslServerAuthenticationOptions AsServer(PeerCheck check)
    {
        var identity = certificates.Current();
        return new()
        {
            ServerCertificateContext = identity.Context,
            ClientCertificateRequired = true,
            CertificateChainPolicy = identity.ChainPolicy(),
            RemoteCertificateValidationCallback = check.Accept,
            EnabledSslProtocols = Protocols,
            AllowRenegotiation = false,

            // A resumed session would not show its certificate again, which may have expired since.
            AllowTlsResume = false,
        };
    }

    private SslClientAuthenticationOptions AsClient(PeerCheck check, string region)
    {
        var identity = certificates.Current();
        return new()
        {
            TargetHost = region,
            ClientCertificateContext = identity.Context,
            CertificateChainPolicy = identity.ChainPolicy(),
            RemoteCertificateValidationCallback = check.Accept,
            EnabledSslProtocols = Protocols,
            AllowRenegotiation = false,
            AllowTlsResume = false,
        };
    }
}
