using CsCheck;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using static OrleansGeo.Tests.Protocol.Entries;

namespace OrleansGeo.Tests.Protocol;

public sealed class LogTailTests
{
    [Fact]
    public void It_answers_as_a_list_of_rows_would() => Gen.Select(Gen.Int[1, 4].Array[1, 200], Gen.Int[0, 500].Array[0, 20]).Sample(static (sizes, forgets) =>
    {
        var tail = new LogTail();
        var rows = new List<LogRow>();
        foreach (var size in sizes)
        {
            var first = rows.Count == 0 ? 1 : rows[^1].Last.Value + 1;
            rows.Add(Row(1, first, first + size - 1));
            tail.Add(rows[^1], LogRowCodec.Decode(rows[^1]));
        }

        var last = rows[^1].Last;
        foreach (var through in forgets)
        {
            tail.Forget(At(through));
            rows.RemoveAll(row => row.Last.Value <= through);
            Assert.Equal(rows.Sum(static row => (long)row.Bytes.Length), tail.Bytes);
            Assert.Equal(rows.Count == 0 ? LogPosition.Zero : rows[0].Last, tail.FirstRowEnd);
        }

        for (var position = 0; position <= last.Value + 1; position++)
        {
            var at = At(position);
            Assert.Equal(rows.SkipWhile(row => row.First != at), tail.From(at, long.MaxValue));
            Assert.Equal(rows.SkipWhile(row => row.First != at).Take(1), tail.From(at, 0));
            Assert.Equal(rows.FindLast(row => row.Last <= at)?.Last ?? At(-1), tail.RowEndAtOrBefore(at, At(-1)));
            Assert.Equal(
                rows.Where(row => row.Last > at).SelectMany(static row => LogRowCodec.Decode(row)).Select(static entry => entry.Position),
                tail.Between(at, last).Select(static entry => entry.Position));
        }
    }, iter: 200);
}
