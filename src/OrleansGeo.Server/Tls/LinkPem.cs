using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansGeo.Server.Tls;

/// <summary>Makes an identity of PEM texts.</summary>
internal static class LinkPem
{
    /// <exception cref="CryptographicException">Or <see cref="ArgumentException"/>: they do not make an identity.</exception>
    public static LinkIdentity Parse(LinkFiles files)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(files.Authorities);
        if (authorities.Count == 0)
        {
            throw new CryptographicException("CaFile holds no certificate.");
        }

        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(files.Certificate);
        if (chain.Count == 0)
        {
            throw new CryptographicException("CertificateFile holds no certificate.");
        }

        var certificate = WithKey(files);
        chain.RemoveAt(0);

        // Offline: the intermediates are in the file, or are not needed; nothing is fetched in the middle of a handshake.
        return new(certificate, SslStreamCertificateContext.Create(certificate, chain, offline: true), authorities);
    }

    private static X509Certificate2 WithKey(LinkFiles files)
    {
        var certificate = X509Certificate2.CreateFromPem(files.Certificate, files.Key);
        if (!OperatingSystem.IsWindows())
        {
            return certificate;
        }

        // Windows does not take a key for TLS that was never in one of its stores.
        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        }
    }
}
