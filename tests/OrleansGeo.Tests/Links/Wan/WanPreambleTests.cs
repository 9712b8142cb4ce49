using System.Buffers;
using System.IO.Pipelines;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Testing;

namespace OrleansGeo.Tests.Links.Wan;

public sealed class WanPreambleTests
{
    private readonly Pipe _pipe = new();

    [Fact]
    public async Task It_is_recognized_byte_by_byte_and_consumed()
    {
        var region = new RegionId("southeastasia");
        var source = new Pipe();
        await WanPreamble.WriteAsync(source.Writer, region);
        await source.Writer.WriteAsync("orleans"u8.ToArray());
        var bytes = (await source.Reader.ReadAsync()).Buffer.ToArray();
        var reading = WanPreamble.ReadAsync(_pipe.Reader).AsTask();

        foreach (var one in bytes)
        {
            await _pipe.Writer.WriteAsync(new[] { one });
        }

        Assert.Equal(region, await reading);
        Assert.Equal("orleans"u8.ToArray(), (await _pipe.Reader.ReadAtLeastAsync(7)).Buffer.ToArray());
    }

    [Theory]
    [InlineData(new byte[] { 120, 0, 0, 0, 1, 2, 3 })]
    [InlineData(new byte[] { (byte)'G', 0, 0, 0 })]
    [InlineData(new byte[] { (byte)'G', (byte)'E' })]
    [InlineData(new byte[0])]
    public async Task Anything_else_is_left_untouched(byte[] bytes)
    {
        await _pipe.Writer.WriteAsync(bytes);
        await _pipe.Writer.CompleteAsync();

        Assert.Null(await WanPreamble.ReadAsync(_pipe.Reader));

        Assert.Equal(bytes, (await _pipe.Reader.ReadAsync()).Buffer.ToArray());
    }
}
