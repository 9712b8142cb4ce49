using System.IO.Pipelines;

namespace OrleansGeo.Server.Tls;

/// <summary>What Orleans reads and writes instead of the bare connection.</summary>
internal sealed class TlsTransport : IDuplexPipe, IAsyncDisposable
{
    private static readonly StreamPipeReaderOptions Reading = new(bufferSize: 16 * 1024, minimumReadSize: 4 * 1024, leaveOpen: true);
    private static readonly StreamPipeWriterOptions Writing = new(minimumBufferSize: 16 * 1024, leaveOpen: true);

    public TlsTransport(Stream reading, Stream writing)
    {
        Input = PipeReader.Create(reading, Reading);
        Output = PipeWriter.Create(writing, Writing);
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public async ValueTask DisposeAsync()
    {
        await Input.CompleteAsync();
        try
        {
            await Output.CompleteAsync();
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or ObjectDisposedException)
        {
            // What was not sent yet cannot be any more: the connection is gone.
        }
    }
}
