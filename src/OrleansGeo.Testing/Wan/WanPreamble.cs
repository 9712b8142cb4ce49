using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Testing;

/// <summary>
/// The first bytes of a connection between regions under emulation: four magic ones, a length, and the region that opened it. Orleans
/// begins a connection with a length of at most 1,024 in little-endian order, so that its fourth byte is zero and never ours.
/// </summary>
internal static class WanPreamble
{
    private static ReadOnlySpan<byte> Magic => "GEOW"u8;

    public static async ValueTask WriteAsync(PipeWriter output, RegionId region)
    {
        var name = Encoding.ASCII.GetBytes(region.Name);
        output.Write(Magic);
        output.Write([(byte)name.Length]);
        output.Write(name);
        await output.FlushAsync();
    }

    /// <summary>Consumes a preamble and answers its region; null, with nothing consumed, if the connection does not begin with one.</summary>
    public static async ValueTask<RegionId?> ReadAsync(PipeReader input)
    {
        while (true)
        {
            var read = await input.ReadAsync();
            switch (TryParse(read.Buffer, out var region, out var end))
            {
                case Outcome.Ours:
                    input.AdvanceTo(end);
                    return region;
                case Outcome.Unfinished when !read.IsCompleted && !read.IsCanceled:
                    input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                    break;
                default:
                    input.AdvanceTo(read.Buffer.Start);
                    return null;
            }
        }
    }

    private static Outcome TryParse(ReadOnlySequence<byte> buffer, out RegionId region, out SequencePosition end)
    {
        region = default;
        end = buffer.Start;
        var reader = new SequenceReader<byte>(buffer);
        foreach (var expected in Magic)
        {
            if (!reader.TryRead(out var found))
            {
                return Outcome.Unfinished;
            }

            if (found != expected)
            {
                return Outcome.Foreign;
            }
        }

        if (!reader.TryRead(out var length) || !reader.TryReadExact(length, out var name))
        {
            return Outcome.Unfinished;
        }

        region = new RegionId(Encoding.ASCII.GetString(name));
        end = reader.Position;
        return Outcome.Ours;
    }

    private enum Outcome
    {
        Unfinished,
        Foreign,
        Ours,
    }
}
