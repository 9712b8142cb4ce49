using System.Text;
using CsCheck;
using OrleansGeo.Protocol.Crdts;

namespace OrleansGeo.Tests.Protocol.Crdts;

public sealed class CrdtFieldCodecTests
{
    private static readonly Gen<CrdtField> _fields = Gen.Select(
        Gen.Bool,
        Gen.Select(Gen.String[Gen.Char['a', 'z'], 0, 8], Gen.Long[0, long.MaxValue], Gen.Long[0, long.MaxValue], Gen.Bool).Array[0, 5],
        Gen.Select(Gen.Bool, Gen.Long[0, long.MaxValue], Gen.Int[0, int.MaxValue]),
        Gen.Byte.Array[0, 40],
        static (isPresent, seen, time, value) => new CrdtField
        {
            IsPresent = isPresent,
            Seen = [.. seen.DistinctBy(static one => one.Item1).OrderBy(static one => one.Item1, StringComparer.Ordinal)
                .Select(static one => new SeenField(one.Item1, new(one.Item2, new(one.Item3)), one.Item4))],
            Time = time.Item1 ? new HybridTime(time.Item2, time.Item3) : null,
            Value = value,
        });

    [Fact]
    public void What_is_written_is_read() => _fields.Sample(static field =>
    {
        var read = CrdtFieldCodec.Decode(CrdtFieldCodec.Encode(field));
        Assert.Equal(field.IsPresent, read.IsPresent);
        Assert.Equal(field.Seen.ToList(), read.Seen.ToList());
        Assert.Equal(field.Time, read.Time);
        Assert.Equal(field.Value.ToArray(), read.Value.ToArray());
    });

    [Fact]
    public void What_can_be_read_would_be_written_so() =>
        Gen.Select(_fields, Gen.Int[0, 1000], Gen.Byte, Gen.Bool).Sample(static (field, at, flip, truncate) =>
        {
            var bytes = CrdtFieldCodec.Encode(field);
            bytes[at % bytes.Length] ^= flip;
            if (truncate)
            {
                bytes = bytes[..(at % bytes.Length)];
            }

            try
            {
                Assert.Equal(bytes, CrdtFieldCodec.Encode(CrdtFieldCodec.Decode(bytes)));
            }
            catch (FormatException)
            {
            }
        });

    [Fact]
    public void A_later_format_is_refused_and_says_what_to_do() =>
        Assert.Contains("Upgrade", Assert.Throws<FormatException>(static () => CrdtFieldCodec.Decode(new byte[] { 2, 0, 0 })).Message, StringComparison.Ordinal);

    /// <summary>Rows of earlier versions stay readable: these bytes may not change.</summary>
    [Fact]
    public void The_format_is_pinned()
    {
        var field = new CrdtField { IsPresent = true, Seen = [new("eu", new(2, new(300)), true)], Time = new HybridTime(1000, 3), Value = Encoding.UTF8.GetBytes("v") };
        Assert.Equal("01030102657502AC0201E8070376", Convert.ToHexString(CrdtFieldCodec.Encode(field)));
    }
}
