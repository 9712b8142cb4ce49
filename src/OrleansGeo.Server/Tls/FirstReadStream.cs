using System.Security.Authentication;

namespace OrleansGeo.Server.Tls;

/// <summary>
/// Reads from a peer that was dialled. With TLS 1.3 the handshake ends here before the peer has looked at this process's certificate: that it refuses
/// shows only in that nothing is ever read, and this says so.
/// </summary>
internal sealed class FirstReadStream(Stream inner, string peer) : Stream
{
    private bool _hasRead;

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await inner.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (!_hasRead && exception is IOException or AuthenticationException)
        {
            throw Refused();
        }

        if (read == 0 && !_hasRead && buffer.Length > 0)
        {
            throw Refused();
        }

        _hasRead = true;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private PeerRefusedException Refused() => new($"{peer} closed the connection after the TLS handshake: it refuses this process's certificate, and its log says why, or it is stopping");
}
