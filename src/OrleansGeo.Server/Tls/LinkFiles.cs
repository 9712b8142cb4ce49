using System.Security.Cryptography;

namespace OrleansGeo.Server.Tls;

/// <summary>The text of the three files, and the identity that it makes.</summary>
internal sealed record LinkFiles(string Certificate, string Key, string Authorities)
{
    /// <exception cref="IOException">Or <see cref="UnauthorizedAccessException"/>: a file cannot be read.</exception>
    public static LinkFiles Read(TlsOptions options) =>
        new(File.ReadAllText(options.CertificateFile!), File.ReadAllText(options.KeyFile!), File.ReadAllText(options.CaFile!));

    /// <exception cref="CryptographicException">Or <see cref="ArgumentException"/>: they do not make an identity; the message says why, and holds no key.</exception>
    public LinkIdentity ToIdentity() => LinkPem.Parse(this);
}
