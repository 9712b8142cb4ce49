using System.Text;
using OrleansGeo.Protocol.Crdts;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Tests.Protocol.Crdts;

public sealed class CrdtViewTests
{
    [Fact]
    public void Writes_of_one_key_before_a_write_of_the_state_are_one_change()
    {
        var view = View("eu");
        view.Add("a");
        view.Put("b", Encoding.UTF8.GetBytes("1"));
        view.Put("b", Encoding.UTF8.GetBytes("2"));
        Assert.True(view.Contains("b"));
        var changes = view.TakeChanges();
        Assert.Equal(["s\u001Fa", "s\u001Fb"], changes.Select(static change => change.Name));
        Assert.Equal("2", Encoding.UTF8.GetString(CrdtFieldCodec.Decode(changes[1].Bytes!.Value).Value.Span));
    }

    [Fact]
    public void What_was_written_and_taken_back_at_once_is_no_change()
    {
        var view = View("eu");
        view.Add("a");
        Assert.True(view.Remove("a"));
        Assert.False(view.HasChanges);
        Assert.Equal(0, view.KeyCount);
    }

    [Fact]
    public void Writes_go_on_while_changes_are_in_flight_and_only_they_are_discarded()
    {
        var view = View("eu");
        view.Put("a", Encoding.UTF8.GetBytes("1"));
        view.TakeChanges();
        view.Put("a", Encoding.UTF8.GetBytes("2"));
        view.Staged(At(1, 1));
        Assert.Equal("2", Text(view.Last("a")));
        view.Discard();
        Assert.Equal("1", Text(view.Last("a")));
        Assert.False(view.HasChanges);
        view.Remove("a");
        view.Discard();
        Assert.Equal("1", Text(view.Last("a")));
    }

    [Fact]
    public void Changes_that_one_request_takes_in_two_steps_are_one_entry()
    {
        var view = View("eu");
        view.Put("a", Encoding.UTF8.GetBytes("1"));
        view.Put("b", Encoding.UTF8.GetBytes("1"));
        Assert.Equal(2, view.TakeChanges().Length);
        view.Put("a", Encoding.UTF8.GetBytes("2"));
        Assert.Single(view.TakeChanges());
        Assert.True(view.IsInFlight);
        view.Staged(At(1, 1));
        Assert.False(view.IsInFlight);
        Assert.Equal(["2", "1"], [Text(view.Last("a")), Text(view.Last("b"))]);
        Assert.All(view.RowOf("eu"), static field => Assert.Equal(At(1, 1), field.Version));
    }

    [Fact]
    public void A_version_that_is_not_the_rows_next_is_refused()
    {
        var view = View("eu");
        Assert.Throws<InvalidOperationException>(() => view.Staged(At(1, 1)));
        view.Add("a");
        view.TakeChanges();
        Assert.Throws<InvalidOperationException>(() => view.Staged(At(2, 1)));
        view.Staged(At(1, 5));
        view.Add("b");
        view.TakeChanges();
        Assert.Throws<InvalidOperationException>(() => view.Staged(At(1, 5)));
    }

    [Fact]
    public void An_incarnation_that_found_only_a_part_of_its_row_takes_no_increment_back()
    {
        var observer = View("us");
        var before = View("eu");
        Assert.True(before.TryCount(50, 0));
        observer.Apply("eu", Stage(before, At(1, 50)), At(1, 50));

        var after = new CrdtView("s", "eu", ["eu", "us"], incarnation: 2);
        after.Apply("eu", [], RecordVersion.None);
        Assert.True(after.TryCount(1, 0));
        observer.Apply("eu", Stage(after, At(2, 1)), At(2, 1));
        Assert.Equal(51, observer.Total);
    }

    [Fact]
    public void A_tombstone_stays_while_what_it_hides_has_not_yet_come_back()
    {
        // The own row knows more of another than this region's copy of that does: the copy was restored from an older one.
        var tombstone = CrdtFieldCodec.Encode(new() { Seen = [new("us", At(1, 5), false)] });
        var view = View("eu");
        view.Apply("eu", [new("s\u001Fa", At(1, 1), tombstone)], At(1, 1));
        view.Apply("us", [], At(1, 3));
        view.Add("b");
        Assert.Single(view.TakeChanges(static _ => At(1, 9)));
    }

    [Fact]
    public void A_write_carries_a_bounded_number_of_clean_ups_and_later_ones_the_rest()
    {
        var view = View("eu");
        for (var key = 0; key < 40; key++)
        {
            view.Add($"k{key}");
        }

        Stage(view, At(1, 1));
        for (var key = 0; key < 40; key++)
        {
            view.Remove($"k{key}");
        }

        Stage(view, At(1, 2));
        view.Apply("us", [], RecordVersion.None);
        var left = new List<int>();
        for (var write = 3; write < 7; write++)
        {
            view.Add("z");
            view.TakeChanges(static _ => At(1, 2));
            view.Staged(At(1, write));
            left.Add(view.KeyCount - 1);
        }

        Assert.Equal([40 - CrdtView.MaxCleanUps, 40 - (2 * CrdtView.MaxCleanUps), 0, 0], left);
    }

    [Fact]
    public void States_of_other_names_are_no_business_of_a_view()
    {
        var view = View("eu");
        view.Apply("us", [new("s2\u001Fa", At(1, 1), new byte[] { 9 }), new("s", At(1, 1), new byte[] { 9 })], At(1, 1));
        Assert.Equal(0, view.KeyCount);
        Assert.Throws<ArgumentException>(static () => new CrdtView("a\u001Fb", "eu", ["eu"], incarnation: 1));
    }

    private static CrdtView View(string self) => new("s", self, ["eu", "us"], incarnation: 1);

    private static RecordVersion At(long epoch, long position) => new(epoch, new(position));

    private static string Text(ReadOnlyMemory<byte>? bytes) => Encoding.UTF8.GetString(bytes!.Value.Span);

    private static List<StateRecord> Stage(CrdtView view, RecordVersion version)
    {
        var changes = view.TakeChanges();
        view.Staged(version);
        return [.. changes.Select((StateChange change) => new StateRecord(change.Name, version, change.Bytes))];
    }
}
