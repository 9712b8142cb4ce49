using System.IO.Pipelines;

namespace OrleansGeo.Testing;

/// <summary>
/// A connection whose outgoing half is a delay line. The incoming half is the real one; when its reader is completed, the
/// connection is ending, and a writer that waits for a full or cut line must not keep it.
/// </summary>
internal sealed class ShapedTransport(PipeReader input, DelayLine line) : IDuplexPipe
{
    public PipeReader Input { get; } = new EndingReader(input, line);

    public PipeWriter Output => line.Input;

    private sealed class EndingReader(PipeReader inner, DelayLine line) : PipeReader
    {
        public override bool TryRead(out ReadResult result) => inner.TryRead(out result);

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => inner.ReadAsync(cancellationToken);

        public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null)
        {
            inner.Complete(exception);
            line.Stop();
        }
    }
}
