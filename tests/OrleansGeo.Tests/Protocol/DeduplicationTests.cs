using System.Runtime.InteropServices;
using CsCheck;
using OrleansGeo.Protocol.Deduplication;
using OrleansGeo.Protocol.Logs;
using static OrleansGeo.Tests.Protocol.Entries;

namespace OrleansGeo.Tests.Protocol;

public sealed class DeduplicationTests
{
    /// <summary>What a request counts for beside its answer, which is one byte in these tests.</summary>
    private const long PerRequest = 160 + 1;

    [Fact]
    public void A_key_has_one_id_and_a_retried_parent_derives_the_same_ids()
    {
        Assert.Equal(RequestId.FromKey("order-7"), RequestId.FromKey("order-7"));
        Assert.NotEqual(RequestId.FromKey("order-7"), RequestId.FromKey("order-8"));
        Assert.False(RequestId.FromKey("").IsNone);
        Assert.True(RequestId.None.IsNone);
        var parent = RequestId.FromKey("order-7");
        Assert.Equal(parent.Further(1), parent.Further(1));
        Assert.Equal(10_000, Enumerable.Range(0, 10_000).Select(parent.Further).Distinct().Count());
        Assert.DoesNotContain(Enumerable.Range(0, 10_000).Select(parent.Further), static id => id.IsNone);
        Assert.Equal(32, parent.ToString().Length);
    }

    /// <summary>Against the obvious model, and as a function of the log alone: playing it again gives the same.</summary>
    [Fact]
    public void It_remembers_what_the_log_says_and_no_more() => Gen.Select(Gen.Int[0, 9], Gen.Int[0, 30]).Array[0, 60].Sample(static steps =>
    {
        var window = new DeduplicationWindow();
        var again = new DeduplicationWindow();
        var model = new Dictionary<ulong, LogPosition>();
        for (var i = 0; i < steps.Length; i++)
        {
            var (kind, number) = steps[i];
            var entry = kind == 0
                ? new LogEntry { Kind = EntryKind.Evict, Position = At(i + 1), EvictThrough = At(Math.Min(number, i)) }
                : Write(1, i + 1, request: model.ContainsKey((ulong)number) ? 0 : (ulong)number);
            if (kind == 0)
            {
                foreach (var old in model.Where(pair => pair.Value <= entry.EvictThrough).ToList())
                {
                    model.Remove(old.Key);
                }
            }
            else if (!entry.Request.IsNone)
            {
                model.Add(entry.Request.Low, entry.Position);
            }

            window.Apply(entry);
            again.Apply(entry);
            Assert.Equal(model.Count, window.Count);
            Assert.Equal(model.Count * PerRequest, window.RememberedBytes);
            foreach (var room in (int[])[0, 1, model.Count - 1, model.Count, 40])
            {
                var surplus = model.Values.Order().Take(Math.Max(0, model.Count - room)).LastOrDefault();
                Assert.Equal(surplus, window.Surplus(room, long.MaxValue));
                Assert.Equal(surplus, window.Surplus(int.MaxValue, room * PerRequest));
            }
        }

        for (var number = 1UL; number <= 30; number++)
        {
            Assert.Equal(model.TryGetValue(number, out var position), window.TryFind("e", new(0, number), out var answer));
            Assert.Equal(position, answer.Position);
            Assert.False(window.TryFind("other", new(0, number), out _));
        }

        Assert.Equal(again.Evicted, window.Evicted);
    });

    /// <summary>An answer that was decoded is a part of its row, which would stay in memory for it.</summary>
    [Fact]
    public void An_answer_that_is_a_part_of_something_larger_is_copied_and_one_of_its_own_is_not()
    {
        var window = new DeduplicationWindow();
        var large = new byte[1000];
        var own = new byte[10];
        window.Apply(Answering(1, large.AsMemory(500, 10)));
        window.Apply(Answering(2, own));
        Assert.False(MemoryMarshal.TryGetArray(Answer(1), out var copied) && ReferenceEquals(copied.Array, large));
        Assert.True(MemoryMarshal.TryGetArray(Answer(2), out var kept) && ReferenceEquals(kept.Array, own));

        LogEntry Answering(long position, ReadOnlyMemory<byte> answer) =>
            new() { Kind = EntryKind.Write, Position = At(position), Entity = "e", Request = new(0, (ulong)position), Answer = answer };

        ReadOnlyMemory<byte> Answer(ulong request) => window.TryFind("e", new(0, request), out var found) ? found.Answer : default;
    }

    [Theory]
    [InlineData(0, 5, true)]
    [InlineData(5, 0, true)]
    [InlineData(5, 5, true)]
    [InlineData(5, 6, false)]
    public void One_id_for_two_requests_is_noticed(int recorded, int repeated, bool matches) =>
        Assert.Equal(matches, new RecordedAnswer(At(1), (ulong)recorded, default, default).Matches((ulong)repeated));
}
