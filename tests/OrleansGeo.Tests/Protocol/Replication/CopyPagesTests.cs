using System.Collections.Immutable;
using CsCheck;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;

namespace OrleansGeo.Tests.Protocol.Replication;

/// <summary>A copy goes by pages of a bounded size, however large a record is: that of a multi-writer entity has a state for each of its keys.</summary>
public sealed class CopyPagesTests
{
    private const int PageBytes = 2_000;

    private static readonly Gen<ImmutableArray<(string Entity, EntityRecord Record)>> Records =
        Gen.Int[0, 40].Array[0, 6].Select(Gen.Int[0, 3_000].Array[240], static (states, sizes) => ImmutableArray.CreateRange(states.Select((count, entity) => (
            $"t/{entity}",
            new EntityRecord([.. Enumerable.Range(0, count).Select(i => new StateRecord($"set.{i}", new(1, new(i + 1)), i % 7 == 0 ? default(ReadOnlyMemory<byte>?) : new byte[sizes[(entity * 40) + i]]))])))));

    [Fact]
    public void A_record_larger_than_a_page_goes_by_parts()
    {
        var record = new EntityRecord([.. Enumerable.Range(0, 1_000).Select(static i => new StateRecord($"set.{i}", new(1, new(i + 1)), new byte[100]))]);
        var pages = CopyPages.Of([("t/small", Of(1)), ("t/large", record), ("t/after", Of(1))], PageBytes).ToList();
        Assert.InRange(pages.Count, 50, 200);
        Assert.Equal("t/small t/large", string.Join(' ', pages[0].Select(static part => part.Entity)));
        Assert.Equal("t/after", pages[^1][^1].Entity);
    }

    [Fact]
    public void Pages_are_as_large_as_they_may_be_and_hold_every_state_once_and_in_order() => Records.Sample(static records =>
    {
        var pages = CopyPages.Of(records, PageBytes).ToList();
        Assert.Equal(StatesOf(records), pages.SelectMany(static page => StatesOf(page)));
        foreach (var page in pages)
        {
            Assert.NotEmpty(page);
            Assert.True(page.Sum(static part => part.Record.States.Length) == 1 || page.Sum(static part => part.Record.States.Sum(static state => state.Bytes?.Length ?? 0)) <= PageBytes);
        }
    });

    /// <summary>Whoever asks for a page after the other, of a source that reads whole records, gets everything once.</summary>
    [Fact]
    public void A_copy_that_is_asked_for_page_by_page_is_whole() => Records.Sample(static records =>
    {
        var taken = new List<string>();
        for (CopyCursor? cursor = default(CopyCursor); cursor is { } at;)
        {
            var page = Read(records, at);
            taken.AddRange(StatesOf(page));
            cursor = at.Next([.. NamesOf(page)]);
            Assert.True(taken.Count <= 240, "the copy does not end");
        }

        Assert.Equal(StatesOf(default(CopyCursor).Left(records)), taken);
    });

    [Fact]
    public void A_record_that_loses_and_gets_states_between_two_pages_comes_with_each_other_state_once()
    {
        var before = new EntityRecord([.. "abcdef".Select(static name => StateOf($"{name}"))]);
        var first = Read([("t/large", before)], default);
        Assert.Equal([("t/large", "a"), ("t/large", "b"), ("t/large", "c")], NamesOf(first));

        // Its tombstones were trimmed, and others written meanwhile, which the log tells.
        var after = new EntityRecord([StateOf("f"), StateOf("e"), StateOf("d"), StateOf("c"), StateOf("aa")]);
        var second = Read([("t/large", after)], default(CopyCursor).Next([.. NamesOf(first)])!.Value);
        Assert.Equal([("t/large", "d"), ("t/large", "e"), ("t/large", "f")], NamesOf(second));

        static StateRecord StateOf(string name) => new(name, new(1, new(1)), new byte[550]);
    }

    /// <summary>As a store reads: whole records, until a page is passed, and at least one.</summary>
    private static ImmutableArray<(string Entity, EntityRecord Record)> Read(ImmutableArray<(string Entity, EntityRecord Record)> records, CopyCursor at)
    {
        var read = new List<(string Entity, EntityRecord Record)>();
        var bytes = 0;
        foreach (var (entity, record) in records.Where(record => !record.Record.States.IsEmpty && (at.After is null || string.CompareOrdinal(record.Entity, at.After) > 0)))
        {
            if (bytes > PageBytes)
            {
                break;
            }

            bytes += record.States.Sum(static state => state.Bytes?.Length ?? 0);
            read.Add((entity, record));
        }

        return CopyPages.Of(at.Left(read), PageBytes).FirstOrDefault([]);
    }

    private static IEnumerable<(string Entity, string State)> NamesOf(IEnumerable<(string Entity, EntityRecord Record)> records) =>
        records.SelectMany(static record => record.Record.States.Select(state => (record.Entity, state.Name)));

    private static IEnumerable<string> StatesOf(IEnumerable<(string Entity, EntityRecord Record)> records) =>
        records.SelectMany(static record => record.Record.States.Select(state => $"{record.Entity} {state.Name} {state.Bytes?.Length}"));

    private static EntityRecord Of(int bytes) => new([new("state", new(1, new(1)), new byte[bytes])]);
}
