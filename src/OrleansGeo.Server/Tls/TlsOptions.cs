namespace OrleansGeo.Server.Tls;

/// <summary>
/// Mutual TLS on every Orleans connection: silo to silo, client to gateway, region link. All three files or none. They are read again when they change;
/// connections that are open stay.
/// </summary>
internal sealed class TlsOptions
{
    /// <summary>This process's certificate, PEM, and the intermediates up to the CA. A DNS name in it must be the region's name.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>Its private key, PEM, not encrypted.</summary>
    public string? KeyFile { get; set; }

    /// <summary>The certificates, PEM, of whom is believed who a peer is. No others are.</summary>
    public string? CaFile { get; set; }

    /// <summary>How long a handshake may take. Above zero.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    public bool IsConfigured => CertificateFile is not null || KeyFile is not null || CaFile is not null;
}
