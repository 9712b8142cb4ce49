using System.IO.Pipelines;

namespace OrleansGeo.Testing;

/// <summary>A pipe's writer that tells how many bytes each flush lets go.</summary>
internal sealed class DelayLineWriter(PipeWriter inner, Action<long> onFlush) : PipeWriter
{
    private long _pending;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _pending;

    public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

    public override void Advance(int bytes)
    {
        _pending += bytes;
        inner.Advance(bytes);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_pending > 0)
        {
            // Stamped before it can be read: the pump takes as many bytes as were stamped.
            onFlush(_pending);
            _pending = 0;
        }

        return inner.FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);
}
