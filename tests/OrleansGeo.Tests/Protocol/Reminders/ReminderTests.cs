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
    public void A_tick_that_a_clock_noted_which_was_years_ahead_does_not_silence_the_reminder_for_years()
    {
        var ahead = Start.AddYears(5);
        var wrong = new Reminder(Start, Minute, Registered, new Reminder(Start, Minute, Registered, null).TickDue(ahead));
        var now = Start + (10 * Minute) + TimeSpan.FromSeconds(20);
        var corrected = wrong.Corrected(now)!;
        Assert.Equal(Start + (11 * Minute), corrected.NextTick);
        Assert.True(corrected.Awaits(Start, Minute, corrected.NextTick));
        Assert.Null(corrected.Corrected(now));
    }

    [Fact]
    public void A_clock_that_is_years_behind_goes_on_with_the_schedule_too()
    {
        var now = Start.AddYears(-5) + TimeSpan.FromSeconds(20);
        var corrected = new Reminder(Start, Minute, Registered, Start + Minute).Corrected(now)!;
        Assert.Equal(Start.AddYears(-5) + Minute, corrected.NextTick);
        Assert.Equal(corrected.NextTick, corrected.TickDue(corrected.NextTick));

        // A period that is longer than time has been has no place before its start.
        Assert.Equal(Start, new Reminder(Start, TimeSpan.MaxValue, Registered, Start).Corrected(now)!.NextTick);
    }

    /// <summary>Clocks that are kept right differ a little: a tick that one of them saw is not taken back by another.</summary>
    [Fact]
    public void A_tick_that_is_a_little_ahead_is_believed()
    {
        Assert.Null(new Reminder(Start, Minute, Registered, null).Corrected(Start));
        Assert.Null(new Reminder(Start, Minute, Registered, Start).Corrected(Start - Reminder.FarthestAhead));
        Assert.NotNull(new Reminder(Start, Minute, Registered, Start).Corrected(Start - Reminder.FarthestAhead - TimeSpan.FromTicks(1)));
    }

    /// <summary>Whatever was noted and whatever the clock shows: the next tick is on the grid and within a period, or what was noted is believed.</summary>
    [Fact]
    public void A_corrected_reminder_ticks_within_a_period() => Gen.Select(Gen.Long[1, 1_000_000_000], Gen.Long[-10_000_000_000, 10_000_000_000], Gen.Long[0, 10_000]).Sample(static (period, look, ticks) =>
    {
        var now = Start.AddTicks(look);
        var noted = new Reminder(Start, new(period), Registered, Start.AddTicks(period * ticks));
        if (noted.Corrected(now) is { } corrected)
        {
            Assert.InRange(corrected.NextTick, now.AddTicks(1), now.AddTicks(period));
            Assert.Equal(0, (corrected.NextTick - Start).Ticks % period);
        }
        else
        {
            Assert.True(noted.Fired - now <= Reminder.FarthestAhead);
        }
    });

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
