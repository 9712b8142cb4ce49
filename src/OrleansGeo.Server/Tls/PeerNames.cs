using System.Security.Cryptography.X509Certificates;

namespace OrleansGeo.Server.Tls;

/// <summary>The DNS names of a certificate: in a world, region names. The common name does not count, and there are no wildcards.</summary>
internal static class PeerNames
{
    public static bool Has(X509Certificate2 certificate, string name) => DnsNames(certificate).Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>For messages.</summary>
    public static string Of(X509Certificate2 certificate) =>
        string.Join(", ", DnsNames(certificate).Take(8)) is { Length: > 0 } names ? names : $"no DNS name ({certificate.Subject})";

    private static IEnumerable<string> DnsNames(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(static extension => extension.EnumerateDnsNames());
}
