using CsCheck;
using OrleansGeo.Protocol.Logs;
using static OrleansGeo.Tests.Protocol.Entries;

namespace OrleansGeo.Tests.Protocol;

public sealed class AppendFenceTests
{
    private static readonly ShardHead Stored = Head(Token("a", 2), Row(1, 1, 2), Row(1, 3, 3), Row(2, 4, 5));

    [Theory]
    [InlineData("a", 1, AppendVerdict.Fenced)]
    [InlineData("b", 2, AppendVerdict.Fenced)]
    [InlineData("a", 2, AppendVerdict.Stored)]
    [InlineData("b", 3, AppendVerdict.Stored)]
    public void A_token_below_the_promise_or_equal_of_another_region_is_refused(string region, long epoch, AppendVerdict expected) =>
        Assert.Equal(expected, AppendFence.Check(Stored, Token(region, epoch), At(5), 2, [Row(epoch, 6)], out _));

    [Fact]
    public void What_is_missing_is_stored_and_a_short_append_cuts_nothing()
    {
        Assert.Equal(AppendVerdict.Stored, AppendFence.Check(Stored, Token("a", 2), At(3), 1, [Row(2, 4, 5), Row(2, 6)], out var missing));
        Assert.Equal(1, missing);
        Assert.Equal(AppendVerdict.Stored, AppendFence.Check(Stored, Token("a", 2), At(0), 0, [Row(1, 1, 2)], out missing));
        Assert.Equal(1, missing);
        Assert.Equal(At(5), AppendFence.Advance(Stored, Token("a", 2), [Row(1, 1, 2)], missing).Last);
    }

    [Fact]
    public void A_gap_is_a_gap() => Assert.Equal(AppendVerdict.Gap, AppendFence.Check(Stored, Token("a", 2), At(6), 2, [Row(2, 7)], out _));

    [Fact]
    public void An_entry_of_another_epoch_is_a_conflict()
    {
        Assert.Equal(AppendVerdict.Conflict, AppendFence.Check(Stored, Token("a", 3), At(5), 1, [], out _));
        Assert.Equal(AppendVerdict.Conflict, AppendFence.Check(Stored, Token("a", 3), At(3), 1, [Row(3, 4)], out _));
        Assert.Equal(AppendVerdict.Stored, AppendFence.Check(Stored with { Trimmed = At(4) }, Token("a", 3), At(3), 9, [], out _));
    }

    [Fact]
    public void A_copying_store_takes_no_rows() => Assert.Equal(AppendVerdict.Copying, AppendFence.Check(Stored with { Copying = true }, Token("a", 2), At(5), 2, [], out _));

    [Fact]
    public void Appending_twice_is_appending_once() => Gen.Int[1, 6].Array[1, 8].Sample(sizes =>
    {
        var rows = new List<LogRow>();
        foreach (var size in sizes)
        {
            var first = rows.Count == 0 ? 1 : rows[^1].Last.Value + 1;
            rows.Add(Row(1 + (rows.Count / 3), first, first + size - 1));
        }

        var token = Token("a", 9);
        Assert.Equal(AppendVerdict.Stored, AppendFence.Check(ShardHead.Empty, token, At(0), 0, [.. rows], out var missing));
        var once = AppendFence.Advance(ShardHead.Empty, token, [.. rows], missing);
        Assert.Equal(AppendVerdict.Stored, AppendFence.Check(once, token, At(0), 0, [.. rows], out missing));
        Assert.Equal(rows.Count, missing);
        Assert.Equal(once, AppendFence.Advance(once, token, [.. rows], missing));
    });

    [Fact]
    public void Skipped_rows_must_be_the_same_rows()
    {
        var stored = Row(1, 1, 2);
        Assert.False(AppendFence.Diverges(At(0), [stored], 1, _ => Row(1, 1, 2)));
        Assert.True(AppendFence.Diverges(At(0), [stored], 1, _ => Row(1, 1, 2, value: 7)));
        Assert.True(AppendFence.Diverges(At(0), [stored], 1, _ => Row(1, 1)));
        Assert.True(AppendFence.Diverges(At(0), [stored], 1, static _ => null));
        Assert.False(AppendFence.Diverges(At(2), [stored], 1, static _ => null));
        Assert.False(AppendFence.Diverges(At(0), [stored], 0, static _ => null));
    }

    [Fact]
    public void Rows_must_be_consecutive() =>
        Assert.Throws<InvalidOperationException>(() => AppendFence.Advance(Stored, Token("a", 2), [Row(2, 7)], 0));
}
