using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace OrleansGeo.Server.Tls;

/// <summary>What this process shows its peers, and whom it believes: one reading of the three files.</summary>
/// <param name="Certificate">The certificate, for its dates and names.</param>
/// <param name="Context">The certificate with its chain, as handshakes take it.</param>
/// <param name="Authorities">Whose word counts for who a peer is.</param>
internal sealed record LinkIdentity(X509Certificate2 Certificate, SslStreamCertificateContext Context, X509Certificate2Collection Authorities)
{
    /// <summary>Only these authorities; revocation is a short life of certificates, which are reloaded while the server runs.</summary>
    public X509ChainPolicy ChainPolicy()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(Authorities);
        return policy;
    }
}
