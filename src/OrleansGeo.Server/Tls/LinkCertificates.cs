using System.Security.Cryptography;

namespace OrleansGeo.Server.Tls;

/// <summary>
/// The identity of this process, as new as its files: they are read at each handshake, of which there are few. What was replaced is not half used: while the
/// files make no identity (they are being written, or broken), the one before goes on, and the log says why. Thread-safe.
/// </summary>
internal sealed partial class LinkCertificates(TlsOptions options, string region, TimeProvider time, ILogger<LinkCertificates> logger)
{
    private readonly Lock _lock = new();
    private LinkFiles? _files;
    private LinkIdentity? _identity;
    private string? _problem;

    /// <summary>The identity for a handshake that begins now.</summary>
    /// <exception cref="CryptographicException">There never was one.</exception>
    public LinkIdentity Current()
    {
        lock (_lock)
        {
            try
            {
                var files = LinkFiles.Read(options);
                if (files != _files)
                {
                    Take(files);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
            {
                Refuse(exception);
            }

            return _identity ?? throw new CryptographicException($"This process has no link certificate: {_problem}");
        }
    }

    private void Take(LinkFiles files)
    {
        var identity = files.ToIdentity();
        if (TlsProblems.OfIdentity(identity, region, time.GetUtcNow()) is { } problem)
        {
            throw new CryptographicException(problem);
        }

        (_files, _identity, _problem) = (files, identity, null);
        LogTaken(options.CertificateFile, PeerNames.Of(identity.Certificate), identity.Certificate.NotAfter.ToUniversalTime());
    }

    private void Refuse(Exception exception)
    {
        // Once for each way of being broken, not at each handshake.
        if (_problem != exception.Message)
        {
            _problem = exception.Message;
            LogBroken(options.CertificateFile, exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "New connections use the link certificate in {File}, of {Names}, good until {NotAfter:u}")]
    private partial void LogTaken(string? file, string names, DateTime notAfter);

    [LoggerMessage(LogLevel.Error, "The link certificate in {File}, or its key or CA file, cannot be used, and the one before stays in use: {Problem}")]
    private partial void LogBroken(string? file, string problem);
}
