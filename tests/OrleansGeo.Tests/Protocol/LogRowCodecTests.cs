using CsCheck;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using static OrleansGeo.Tests.Protocol.Entries;

namespace OrleansGeo.Tests.Protocol;

public sealed class LogRowCodecTests
{
    private static readonly string[] Samples = ["", "plain", "Zürich", "🛒🇪🇺", "a/b\\c\0"];

    private static readonly Gen<string> Text = Gen.OneOf(Gen.Int[0, 4].Select(static i => Samples[i]), Gen.String[Gen.Char['a', 'z'], 0, 40]);

    private static readonly Gen<ReadOnlyMemory<byte>?> Bytes = Gen.OneOf(
        Gen.Bool.Select(static empty => empty ? ReadOnlyMemory<byte>.Empty : default(ReadOnlyMemory<byte>?)), Gen.Byte.Array[0, 300].Select(static bytes => (ReadOnlyMemory<byte>?)bytes));

    private static readonly Gen<LogEntry[]> Batch =
        from epoch in Gen.Long[1, long.MaxValue]
        from first in Gen.Long[1, long.MaxValue - 100]
        from kinds in Gen.Int[1, 6].Array[1, 10]
        from entities in Text.Array[10]
        from states in Gen.Select(Text, Bytes).Array[0, 3].Array[10]
        from ids in Gen.ULong.Array[30]
        select kinds.Select((kind, i) => Entry(kind, epoch, new(first + i), entities[i], states[i], ids[(3 * i)..])).ToArray();

    private static LogEntry Entry(int kind, long epoch, LogPosition position, string entity, (string, ReadOnlyMemory<byte>?)[] states, ulong[] ids) => kind switch
    {
        1 => new() { Kind = EntryKind.Evict, Position = position, EvictThrough = position },
        2 => new() { Kind = EntryKind.EpochStart, Position = position },
        _ => new()
        {
            Kind = EntryKind.Write,
            Position = position,
            Entity = entity,
            Request = new(ids[0], ids[1]),
            Fingerprint = ids[2],
            EntityVersion = new(epoch, position),
            Changes = [.. states.Select(state => new StateRecord(state.Item1, new(epoch, position), state.Item2))],
            Answer = states.Length > 0 ? states[0].Item2 ?? default : default,
        },
    };

    [Fact]
    public void What_is_written_is_read() => Batch.Sample(static entries =>
    {
        var epoch = entries.Select(static entry => entry.EntityVersion.Epoch).Max();
        var row = LogRowCodec.Encode(epoch, entries);
        Assert.Equal((entries[0].Position, entries[^1].Position), (row.First, row.Last));
        var read = LogRowCodec.Decode(row);
        Assert.Equal(entries.Length, read.Length);
        foreach (var (one, other) in entries.Zip(read))
        {
            Assert.Equal((one.Kind, one.Position, one.Entity, one.Request, one.Fingerprint, one.EntityVersion, one.EvictThrough), (other.Kind, other.Position, other.Entity, other.Request, other.Fingerprint, other.EntityVersion, other.EvictThrough));
            Assert.Equal(one.Answer.ToArray(), other.Answer.ToArray());
            Assert.Equal(one.Changes.Length, other.Changes.Length);
            foreach (var (left, right) in one.Changes.Zip(other.Changes))
            {
                Assert.Equal((left.Name, left.Version, left.Bytes.HasValue), (right.Name, right.Version, right.Bytes.HasValue));
                Assert.Equal(left.Bytes?.ToArray(), right.Bytes?.ToArray());
            }
        }

        Assert.Equal(row.Bytes.ToArray(), LogRowCodec.Encode(epoch, read).Bytes.ToArray());
    });

    /// <summary>Cleared is not empty: the one has no bytes, the other none in it.</summary>
    [Fact]
    public void A_cleared_state_is_not_an_empty_one()
    {
        var entry = Write(1, 1);
        entry.Changes = [new("cleared", new(1, At(1)), default(ReadOnlyMemory<byte>?)), new("empty", new(1, At(1)), ReadOnlyMemory<byte>.Empty)];
        var read = LogRowCodec.Decode(LogRowCodec.Encode(1, [entry]))[0].Changes;
        Assert.False(read[0].Bytes.HasValue);
        Assert.True(read[1].Bytes.HasValue);
    }

    [Fact]
    public void A_row_of_a_newer_version_and_a_damaged_one_are_told_apart()
    {
        var row = Row(3, 7, 8);
        var newer = Assert.Throws<FormatException>(() => LogRowCodec.Decode(Newer(row)));
        Assert.Equal("Log row 7-8 of epoch 3 is of a newer version: it has format 2, this version reads format 1. Upgrade this region.", newer.Message);
        foreach (var damaged in (LogRow[])[row with { Bytes = row.Bytes[..^1] }, row with { Bytes = new byte[1] }, row with { Last = At(9) }, row with { Bytes = default }])
        {
            Assert.StartsWith($"Log row 7-{damaged.Last} of epoch 3 is damaged: ", Assert.Throws<FormatException>(() => LogRowCodec.Decode(damaged)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void All_entries_of_an_entity_can_have_one_name()
    {
        var names = new HashSet<string>();
        var entries = LogRowCodec.Decode(Row(1, 1, 2), names).AddRange(LogRowCodec.Decode(Row(1, 3, 3), names));
        Assert.All(entries, entry => Assert.Same(entries[0].Entity, entry.Entity));
    }

    [Fact]
    public void Damage_is_a_format_error_or_unnoticed_but_never_a_crash() =>
        Gen.Select(Batch, Gen.Int[0, 100_000], Gen.Byte, Gen.Bool).Sample(static (entries, at, flip, truncate) =>
        {
            var row = LogRowCodec.Encode(entries.Select(static entry => entry.EntityVersion.Epoch).Max(), entries);
            var bytes = row.Bytes.ToArray();
            at %= bytes.Length;
            if (truncate)
            {
                bytes = bytes[..at];
            }
            else
            {
                bytes[at] ^= flip;
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                LogRowCodec.Decode(row with { Bytes = bytes });
            }
            catch (FormatException)
            {
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        }, iter: 20_000);

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(200_000_000)]
    [InlineData(4_294_967_297L)]
    [InlineData(long.MaxValue)]
    public void A_huge_count_allocates_nothing_absurd(long count)
    {
        // Kind, entity, request, fingerprint, version, answer, then the number of changes.
        var number = new List<byte>();
        for (var rest = (ulong)count; ; rest >>= 7)
        {
            number.Add((byte)(rest < 0x80 ? rest : rest | 0x80));
            if (rest < 0x80)
            {
                break;
            }
        }

        byte[] changes = [1, 1, (byte)EntryKind.Write, 0, .. new byte[24], 1, 1, 0, .. number];
        byte[] entries = [1, .. number];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<FormatException>(() => LogRowCodec.Decode(new(1, At(1), At(1), changes)));
        Assert.Throws<FormatException>(() => LogRowCodec.Decode(new(1, At(1), At(1), entries)));
        Assert.Throws<FormatException>(() => LogRowCodec.Decode(new(1, At(1), At(count), entries)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }
}
