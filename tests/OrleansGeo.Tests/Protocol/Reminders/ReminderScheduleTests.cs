using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Protocol.Reminders;

namespace OrleansGeo.Tests.Protocol.Reminders;

public sealed class ReminderScheduleTests
{
    private static readonly DateTime Start = new(2026, 11, 25, 12, 0, 0, DateTimeKind.Utc);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ReminderSchedule _schedule = new();

    [Fact]
    public void What_falls_due_first_is_taken_first()
    {
        _schedule.Put("late", new([State(1, "r", At(2))]));
        _schedule.Put("early", new([State(2, "r", At(1)), State(2, "s", At(3))]));
        Assert.Equal(3, _schedule.Count);
        Assert.Equal(At(1), _schedule.NextTick);
        Assert.Null(_schedule.Take(Start));
        Assert.Equal("early", _schedule.Take(At(2))!.Entity);
        Assert.Equal("late", _schedule.Take(At(2))!.Entity);
        Assert.Null(_schedule.Take(At(2)));
        Assert.Equal(At(3), _schedule.NextTick);
    }

    [Fact]
    public void A_reminder_has_one_tick_at_a_time_and_goes_on_after_it()
    {
        _schedule.Put("e", new([State(1, "r", Start)]));
        var due = _schedule.Take(At(5))!;
        Assert.Equal(At(5), due.Tick);
        Assert.Null(_schedule.NextTick);
        _schedule.Ended(due, isFired: true);
        Assert.Equal(At(6), _schedule.NextTick);
    }

    [Fact]
    public void A_tick_that_was_not_sent_is_still_due()
    {
        _schedule.Put("e", new([State(1, "r", Start)]));
        _schedule.Ended(_schedule.Take(Start)!, isFired: false);
        Assert.Equal(Start, _schedule.Take(Start)!.Tick);
    }

    [Fact]
    public void A_noted_tick_does_not_start_another_while_it_is_under_way()
    {
        _schedule.Put("e", new([State(1, "r", Start)]));
        var due = _schedule.Take(Start)!;
        _schedule.Put("e", new([State(2, "r", Start, registered: 1, fired: Start)]));
        Assert.Null(_schedule.NextTick);
        _schedule.Ended(due, isFired: true);
        Assert.Equal(At(1), _schedule.NextTick);
        Assert.Equal(1, _schedule.Count);
    }

    [Fact]
    public void An_entity_that_leaves_and_comes_back_while_its_tick_is_under_way_has_its_reminder_once()
    {
        _schedule.Put("e", new([State(1, "r", Start)]));
        var due = _schedule.Take(Start)!;
        _schedule.Put("e", new([State(1, "r", Start), Place(2, isHere: false)]));
        Assert.Equal(0, _schedule.Count);
        _schedule.Put("e", new([State(3, "r", Start, registered: 1), Place(3, isHere: true)]));
        _schedule.Ended(due, isFired: true);
        Assert.Equal((1, At(1)), (_schedule.Count, _schedule.NextTick));
        _schedule.Take(At(1));
        Assert.Null(_schedule.NextTick);

        static StateRecord Place(long position, bool isHere) => new(
            Residence.StateName, new(1, new(position)), ResidenceCodec.Encode(new(position, isHere, new("q-02"), new("q-01"), [])));
    }

    [Fact]
    public void An_unregistered_reminder_is_gone_even_while_its_tick_is_under_way()
    {
        _schedule.Put("e", new([State(1, "r", Start)]));
        var due = _schedule.Take(Start)!;
        _schedule.Put("e", new([new StateRecord("r", Version(2), null)]));
        _schedule.Ended(due, isFired: true);
        Assert.Equal(0, _schedule.Count);
        Assert.Null(_schedule.NextTick);
    }

    [Fact]
    public void One_that_is_registered_anew_begins_anew()
    {
        _schedule.Put("e", new([State(1, "r", Start)]));
        var due = _schedule.Take(Start)!;
        _schedule.Put("e", new([State(2, "r", At(9))]));
        Assert.Equal(At(9), _schedule.NextTick);
        _schedule.Ended(due, isFired: true);
        Assert.Equal(At(9), _schedule.NextTick);
        Assert.Equal(1, _schedule.Count);
    }

    private static DateTime At(int minutes) => Start + (minutes * Minute);

    private static RecordVersion Version(long position) => new(1, new(position));

    private static StateRecord State(long position, string name, DateTime start, long registered = 0, DateTime? fired = null) =>
        new(name, Version(position), ReminderCodec.Encode(new(start, Minute, registered == 0 ? RecordVersion.None : Version(registered), fired)));
}
