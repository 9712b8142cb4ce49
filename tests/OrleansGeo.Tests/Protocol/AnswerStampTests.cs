using CsCheck;
using OrleansGeo.Protocol.Deduplication;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Tests.Protocol;

public sealed class AnswerStampTests
{
    [Fact]
    public void What_was_put_behind_an_answer_is_taken_and_the_answer_is_as_it_was() =>
        Gen.Select(Gen.Byte.Array[0, 100], Gen.Long[0, long.MaxValue], Gen.Long[0, long.MaxValue], Gen.Long[0, 1000], Gen.Bool).Sample(static (answer, epoch, position, moves, isOfEntry) =>
        {
            var stamp = new AnswerStamp(isOfEntry ? null : new RecordVersion(epoch, new(position)), moves);
            var stamped = AnswerStamp.Put(answer, stamp);

            // Those that do not know of it read an answer from its beginning.
            Assert.True(stamped.Span.StartsWith(answer));
            Assert.True(AnswerStamp.TryTake(stamped, out var plain, out var taken));
            Assert.Equal((stamp, Convert.ToHexString(answer)), (taken, Convert.ToHexString(plain.Span)));

            // A later one takes its place.
            Assert.True(AnswerStamp.TryTake(AnswerStamp.Put(stamped, new(null, 7)), out plain, out taken));
            Assert.Equal((new AnswerStamp(null, 7), Convert.ToHexString(answer)), (taken, Convert.ToHexString(plain.Span)));
        });

    [Fact]
    public void An_answer_without_one_is_not_taken_for_one_with() => Gen.Byte.Array[0, 100].Sample(static answer =>
    {
        Assert.False(AnswerStamp.TryTake(answer, out var plain, out _));
        Assert.Equal(answer, plain.ToArray());
        var damaged = AnswerStamp.Put(answer, new(null, 1)).ToArray();
        damaged[answer.Length / 2] ^= 1;
        Assert.False(AnswerStamp.TryTake(damaged, out _, out _));
    });
}
