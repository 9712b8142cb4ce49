using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace OrleansGeo.Server.Tls;

/// <summary>Decides, during one handshake, whether the peer is who it must be, and keeps in words why not.</summary>
/// <param name="names">The peer's certificate must name one of these regions.</param>
internal sealed class PeerCheck(ImmutableArray<string> names)
{
    /// <summary>Why the peer is refused; null: it is not, or showed nothing yet.</summary>
    public string? Problem { get; private set; }

    public bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        Problem = Find(certificate as X509Certificate2, chain, errors);
        return Problem is null;
    }

    private string? Find(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            return "it showed no certificate";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            var reasons = (chain?.ChainStatus ?? []).Select(status => Describe(status.Status, certificate)).Distinct();
            return $"its certificate, of {PeerNames.Of(certificate)}, is not good: {string.Join("; ", reasons)}";
        }

        // Not SslStream's own check of the name: a gateway takes any region of the world, and what a name means here is one rule.
        return names.Any(name => PeerNames.Has(certificate, name))
            ? null
            : $"its certificate is of {PeerNames.Of(certificate)}, not of {string.Join(" or ", names)}";
    }

    private static string Describe(X509ChainStatusFlags status, X509Certificate2 certificate) => status switch
    {
        X509ChainStatusFlags.NotTimeValid => $"it is good from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u} only, or its issuer's is not now",
        X509ChainStatusFlags.UntrustedRoot or X509ChainStatusFlags.PartialChain => $"it was issued by {certificate.Issuer}, which is not in CaFile",
        X509ChainStatusFlags.NotValidForUsage => "it is not for TLS clients and servers",
        _ => status.ToString(),
    };
}
