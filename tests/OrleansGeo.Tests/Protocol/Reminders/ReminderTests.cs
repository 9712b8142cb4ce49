using CsCheck;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Reminders;

namespace OrleansGeo.Tests.Protocol.Reminders;

public sealed class ReminderTests
{
    private static readonly DateTime Start = new(2026, 11, 25, 12, 0, 0, DateTimeKind.Utc);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly RecordVersion Registered = new(3, new(17));

    [Fact]
    public void The_first_tick_is_at_the_start()
    {
        var reminder = new Reminder(Start, Minute, Registered, null);
        Assert.Equal(Start, reminder.NextTick);
        Assert.Null(reminder.TickDue(Start.AddTicks(-1)));
        Assert.Equal(Start, reminder.TickDue(Start));
    }

    [Fact]
    public void Missed_ticks_become_one_and_the_schedule_goes_on()
    {
        var reminder = new Reminder(Start, Minute, Registered, Start);
        var tick = reminder.TickDue(Start + (5 * Minute) + TimeSpan.FromSeconds(30));
        Assert.Equal(Start + (5 * Minute), tick);
        Assert.Equal(Start + (6 * Minute), (reminder with { Fired = tick }).NextTick);
    }

    [Fact]
    public void A_period_that_goes_past_the_end_of_time_ticks_once()
    {
        var reminder = new Reminder(Start, TimeSpan.MaxValue, Registered, null);
        Assert.Equal(Start, reminder.TickDue(Start));
        Assert.Equal(DateTime.MaxValue, (reminder with { Fired = Start }).NextTick);
        Assert.Null((reminder with { Fired = Start }).TickDue(DateTime.MaxValue));
    }

    /// <summary>However often the clock is looked at, and whichever region's: a tick is on the grid, not in the future, and above the last one.</summary>
    [Fact]
    public void Ticks_are_on_the_grid_and_rise() => Gen.Select(Gen.Long[1, 1000], Gen.Long[-50, 5000].Array[1, 40]).Sample(static (period, looks) =>
    {
        var reminder = new Reminder(Start, new(period), Registered, null);
        foreach (var look in looks)
        {
            var now = Start.AddTicks(look);
            if (reminder.TickDue(now) is { } tick)
            {
                Assert.True(tick <= now && now - tick < reminder.Period);
                Assert.Equal(0, (tick - Start).Ticks % period);
                Assert.True(reminder.Awaits(Start, reminder.Period, tick));
                reminder = reminder with { Fired = tick };
                Assert.False(reminder.Awaits(Start, reminder.Period, tick));
            }
            else
            {
                Assert.True(reminder.NextTick > now);
            }
        }
    });

    [Fact]
    public void Bytes_give_the_reminder_back() => Gen.Select(Gen.DateTime, Gen.Long[1, long.MaxValue], Gen.Long[0, 99], Gen.Bool).Sample(static (start, period, epoch, hasFired) =>
    {
        start = DateTime.SpecifyKind(start, DateTimeKind.Utc);
        var reminder = new Reminder(start, new(period), new(epoch, new(epoch + 1)), hasFired && start.Ticks > 0 ? start : null);
        Assert.Equal(reminder, ReminderCodec.Decode(new("r", new(9, new(9)), ReminderCodec.Encode(reminder))));
    });

    [Fact]
    public void A_registration_is_read_with_the_version_of_its_state()
    {
        var bytes = ReminderCodec.Encode(new(Start, Minute, RecordVersion.None, null));
        Assert.Equal(Registered, ReminderCodec.Decode(new("r", Registered, bytes))!.Registration);
    }

    [Fact]
    public void What_was_cleared_or_is_of_another_format_is_no_reminder()
    {
        var bytes = ReminderCodec.Encode(new(Start, Minute, Registered, null)).ToArray();
        Assert.Null(ReminderCodec.Decode(null));
        Assert.Null(ReminderCodec.Decode(new("r", Registered, null)));
        Assert.Null(ReminderCodec.Decode(new("r", Registered, bytes.AsMemory(1))));
        bytes[0]++;
        Assert.Null(ReminderCodec.Decode(new("r", Registered, bytes)));
    }
}
