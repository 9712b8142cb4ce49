using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Testing;

namespace OrleansGeo.Tests.Links.Wan;

/// <summary>One direction of one connection, on a pipe instead of a socket.</summary>
[Collection(AloneCollection.Name)]
public sealed class DelayLineTests : IAsyncDisposable
{
    private static readonly RegionId East = new("eastus2");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WanEmulator _emulator = new(new RegionId("westeurope"), TimeProvider.System, seed: 1);
    private readonly Pipe _far = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly DelayLine _line;

    public DelayLineTests() => _line = new DelayLine(_emulator, _emulator.Path(East), _far.Writer);

    public async ValueTask DisposeAsync()
    {
        await _line.DisposeAsync();
        _emulator.Dispose();
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(91)]
    public async Task A_write_arrives_when_it_is_due(double oneWayMs)
    {
        _emulator.Set(East, new WanRule(oneWayMs));
        var lateMs = new List<double>();
        for (var round = 0; round < 20; round++)
        {
            var sent = Stopwatch.GetTimestamp();
            await SendAsync(1);
            await ReceiveAsync(1);
            lateMs.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds - oneWayMs);
        }

        // The best one: the others are at the mercy of what else runs on the machine.
        Assert.InRange(lateMs.Min(), -1.1, 2);
    }

    [Fact]
    public async Task Writes_overlap_in_flight_and_stay_in_order()
    {
        const int Writes = 2000;
        _emulator.Set(East, new WanRule(100, Loss: 0.01));
        var sent = Stopwatch.GetTimestamp();

        for (var write = 0; write < Writes; write++)
        {
            await SendAsync(BitConverter.GetBytes(write));
        }

        var received = await ReceiveAsync(Writes * sizeof(int));
        var elapsed = Stopwatch.GetElapsedTime(sent);
        Assert.Equal(Enumerable.Range(0, Writes), Enumerable.Range(0, Writes).Select(write => BitConverter.ToInt32(received, write * sizeof(int))));
        Assert.True(elapsed < TimeSpan.FromSeconds(2), $"{Writes} writes of 100 ms each took {elapsed}: they did not overlap");
    }

    [Fact]
    public async Task What_is_lost_arrives_200_ms_later_and_what_is_behind_waits_for_it()
    {
        _emulator.Set(East, new WanRule(10, Loss: 1));
        var sent = Stopwatch.GetTimestamp();
        await SendAsync(1);
        _emulator.Set(East, new WanRule(10));
        await SendAsync(2);

        Assert.Equal([1, 2], await ReceiveAsync(2));

        Assert.InRange(Stopwatch.GetElapsedTime(sent).TotalMilliseconds, 208, double.MaxValue);
    }

    [Fact]
    public async Task A_cut_holds_what_is_in_flight_and_healing_lets_it_go()
    {
        _emulator.Set(East, new WanRule(5));
        await SendAsync(1);
        _emulator.Set(East, new WanRule(5, Cut: true));
        await SendAsync(2);
        var arrival = _far.Reader.ReadAsync().AsTask();

        // A probe through the same clock, later than both were due: what is still held then is held by the cut.
        await _emulator.Clock.WaitUntilAsync(_emulator.Clock.After(50));
        Assert.False(arrival.IsCompleted);

        _emulator.Set(East, new WanRule(5));
        _far.Reader.AdvanceTo((await arrival.WaitAsync(Patience)).Buffer.Start);
        Assert.Equal([1, 2], await ReceiveAsync(2));
    }

    [Fact]
    public async Task A_full_line_makes_the_writer_wait_and_stopping_frees_it()
    {
        _emulator.Set(East, new WanRule(0, Cut: true));
        var block = new byte[1024 * 1024];
        ValueTask<FlushResult> flush;
        var blocks = 0;
        do
        {
            flush = _line.Input.WriteAsync(block);
            blocks++;
        }
        while (flush.IsCompleted && blocks < 1000);

        Assert.Equal(64, blocks);
        _line.Stop();
        Assert.True((await flush.AsTask().WaitAsync(Patience)).IsCompleted);
    }

    private ValueTask<FlushResult> SendAsync(params byte[] bytes) => _line.Input.WriteAsync(bytes);

    private async Task<byte[]> ReceiveAsync(int bytes)
    {
        var read = await _far.Reader.ReadAtLeastAsync(bytes).AsTask().WaitAsync(Patience);
        var received = read.Buffer.Slice(0, bytes).ToArray();
        _far.Reader.AdvanceTo(read.Buffer.GetPosition(bytes));
        return received;
    }
}
