using System.Security.Cryptography;

namespace OrleansGeo.Server.Tls;

/// <summary>What is wrong with <see cref="TlsOptions"/> and its files.</summary>
internal static class TlsProblems
{
    public static IEnumerable<string> Of(TlsOptions options, string region)
    {
        if (options.HandshakeTimeout <= TimeSpan.Zero)
        {
            yield return $"Geo:Tls:HandshakeTimeout: {options.HandshakeTimeout}: use a positive time.";
        }

        if (!options.IsConfigured)
        {
            yield break;
        }

        var unreadable = new[] { ("CertificateFile", options.CertificateFile), ("KeyFile", options.KeyFile), ("CaFile", options.CaFile) }
            .Select(static file => FileProblem(file.Item1, file.Item2)).OfType<string>().ToList();
        foreach (var problem in unreadable)
        {
            yield return problem;
        }

        if (unreadable.Count == 0 && Problem(options, region) is { } broken)
        {
            yield return $"Geo:Tls: {broken}";
        }
    }

    /// <summary>Why a peer would refuse this identity; null: it would not.</summary>
    public static string? OfIdentity(LinkIdentity identity, string region, DateTimeOffset now)
    {
        var (from, until) = (identity.Certificate.NotBefore.ToUniversalTime(), identity.Certificate.NotAfter.ToUniversalTime());
        return !PeerNames.Has(identity.Certificate, region) ? $"the certificate is of {PeerNames.Of(identity.Certificate)}, not of {region}: issue one with the DNS name {region}."
            : now.UtcDateTime < from || now.UtcDateTime > until ? $"the certificate is good from {from:u} to {until:u} only: renew it."
            : null;
    }

    private static string? FileProblem(string name, string? file)
    {
        if (file is null)
        {
            return $"Geo:Tls:{name}: give CertificateFile, KeyFile and CaFile, or none of them.";
        }

        try
        {
            using var open = File.OpenRead(file);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"Geo:Tls:{name}: '{file}' cannot be read: {exception.Message}";
        }
    }

    private static string? Problem(TlsOptions options, string region)
    {
        try
        {
            return OfIdentity(LinkFiles.Read(options).ToIdentity(), region, TimeProvider.System.GetUtcNow());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return exception.Message;
        }
    }
}
