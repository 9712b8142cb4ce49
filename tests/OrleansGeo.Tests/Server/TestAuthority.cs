using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansGeo.Tests.Server;

/// <summary>A certificate authority.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _certificate;

    public TestAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        var now = TimeProvider.System.GetUtcNow();
        _certificate = request.CreateSelfSigned(now.AddDays(-30), now.AddDays(30));
    }

    public string Pem => _certificate.ExportCertificatePem();

    /// <summary>A certificate of these DNS names, with its key. By default good from yesterday to tomorrow.</summary>
    public X509Certificate2 Issue(string name, int fromDays = -1, int untilDays = 1)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=anything", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")], false));
        var now = TimeProvider.System.GetUtcNow();
        using var signed = request.Create(_certificate, now.AddDays(fromDays), now.AddDays(untilDays), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    /// <summary>Writes the three files of a server, its certificate last: as a renewal in place would.</summary>
    public X509Certificate2 Write(string folder, string region)
    {
        var certificate = Issue(region);
        File.WriteAllText(Path.Combine(folder, $"{region}.ca.pem"), Pem);
        File.WriteAllText(Path.Combine(folder, $"{region}.key.pem"), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, $"{region}.pem"), certificate.ExportCertificatePem());
        return certificate;
    }

    public void Dispose() => _certificate.Dispose();
}
