using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Channels;

namespace OrleansGeo.Testing;

/// <summary>
/// One direction of one connection. Each write is stamped with the moment at which it is due, and moved on to the real connection
/// then: writes overlap in flight as they do on a long cable, and stay in order.
/// </summary>
internal sealed class DelayLine : IAsyncDisposable
{
    // What may be in flight: 64 MiB is 2.5 Gbit/s over 200 ms. Past it the writer waits, as with a full TCP window.
    private const long Capacity = 64 * 1024 * 1024;
    private const double RetransmissionMs = 200;

    private readonly WanEmulator _emulator;
    private readonly WanPath _path;
    private readonly PipeWriter _output;
    private readonly Random _random;

    // Not disposed: the connection's reader may end after the line, and stops it once more.
    private readonly CancellationTokenSource _stop = new();
    private readonly Pipe _pipe = new(new PipeOptions(
        pauseWriterThreshold: Capacity, resumeWriterThreshold: Capacity / 2, minimumSegmentSize: 16 * 1024, useSynchronizationContext: false));

    // One writer (the connection's), one reader (the pump).
    private readonly Channel<Chunk> _chunks = Channel.CreateUnbounded<Chunk>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly Task _pump;
    private long _lastDue;

    public DelayLine(WanEmulator emulator, WanPath path, PipeWriter output)
    {
        _emulator = emulator;
        _path = path;
        _output = output;
        _random = emulator.NextRandom();
        Input = new DelayLineWriter(_pipe.Writer, Stamp);
        _pump = Task.Run(PumpAsync);
    }

    public PipeWriter Input { get; }

    /// <summary>Drops what is in flight and frees a writer that waits. The connection is ending.</summary>
    public void Stop() => _stop.Cancel();

    public async ValueTask DisposeAsync()
    {
        Stop();
        await _pump;
    }

    private void Stamp(long bytes)
    {
        var rule = _path.Rule;
        var lost = rule.Loss > 0 && _random.NextDouble() < rule.Loss;
        var due = _emulator.Clock.After(rule.OneWayMs + (lost ? RetransmissionMs : 0));
        _lastDue = Math.Max(_lastDue, due);
        _chunks.Writer.TryWrite(new Chunk(bytes, _lastDue));
    }

    private async Task PumpAsync()
    {
        try
        {
            while (await _chunks.Reader.WaitToReadAsync(_stop.Token))
            {
                await DepartureAsync(_chunks.Reader.TryPeek(out var first) ? first.Due : 0);
                if (!await ForwardAsync(TakeDue()))
                {
                    break;
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or InvalidOperationException or ObjectDisposedException)
        {
            // The connection ended, here or at the other side; Orleans sees that by itself.
        }
        finally
        {
            await _pipe.Reader.CompleteAsync();
            await _output.CompleteAsync();
        }
    }

    /// <summary>Completes when bytes that are due at a moment may arrive.</summary>
    private async Task DepartureAsync(long due)
    {
        while (true)
        {
            var changed = _path.Changed;
            if (_path.Rule.Cut)
            {
                await changed.WaitAsync(_stop.Token);
            }
            else if (due > _emulator.Clock.After(0.5))
            {
                await _emulator.Clock.WaitUntilAsync(due).WaitAsync(_stop.Token);
            }
            else
            {
                return;
            }
        }
    }

    private long TakeDue()
    {
        var bytes = 0L;
        var now = _emulator.Clock.After(0.5);
        while (_chunks.Reader.TryPeek(out var chunk) && chunk.Due <= now)
        {
            _chunks.Reader.TryRead(out _);
            bytes += chunk.Bytes;
        }

        return bytes;
    }

    private async Task<bool> ForwardAsync(long bytes)
    {
        while (bytes > 0)
        {
            var read = await _pipe.Reader.ReadAsync(_stop.Token);
            var part = read.Buffer.Length > bytes ? read.Buffer.Slice(0, bytes) : read.Buffer;
            foreach (var segment in part)
            {
                _output.Write(segment.Span);
            }

            bytes -= part.Length;
            _pipe.Reader.AdvanceTo(part.End);
            if (part.IsEmpty && read.IsCompleted)
            {
                return false;
            }
        }

        var flush = await _output.FlushAsync(_stop.Token);
        return flush is { IsCompleted: false, IsCanceled: false };
    }

    private readonly record struct Chunk(long Bytes, long Due);
}
