using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;

namespace OrleansGeo.Protocol.Reminders;

/// <summary>The reminders of one shard in the order in which they fall due. One tick of a reminder at a time. Not thread-safe.</summary>
internal sealed class ReminderSchedule
{
    private readonly Dictionary<(string Entity, string Name), Planned> _planned = [];
    private readonly SortedSet<Planned> _waiting = new(Comparer<Planned>.Create(static (left, right) =>
        left.Tick != right.Tick ? left.Tick.CompareTo(right.Tick) : left.Number.CompareTo(right.Number)));
    private long _numbers;

    public int Count => _planned.Count;

    /// <summary>When the next tick falls due; null: there is nothing to wait for.</summary>
    public DateTime? NextTick => _waiting.Min?.Tick;

    /// <summary>Takes an entity's reminders as they are now. Records of one entity come in the order of their versions.</summary>
    public void Put(string entity, EntityRecord reminders)
    {
        // They fire where the entity is.
        var hasLeft = Residence.HasLeft(reminders);
        foreach (var state in reminders.States)
        {
            var key = (entity, state.Name);
            var known = _planned.GetValueOrDefault(key);
            if (state.Name == Residence.StateName || (known?.Version == state.Version && !hasLeft))
            {
                continue;
            }

            var reminder = hasLeft ? null : ReminderCodec.Decode(state);
            if (known is not null)
            {
                _waiting.Remove(known);
                if (reminder?.Registration == known.Reminder.Registration)
                {
                    // A tick was noted. If another one is under way, it waits again when that has ended.
                    (known.Reminder, known.Version) = (reminder, state.Version);
                    Wait(known);
                    continue;
                }

                _planned.Remove(key);
            }

            if (reminder is not null)
            {
                var planned = new Planned(key, ++_numbers) { Reminder = reminder, Version = state.Version };
                _planned.Add(key, planned);
                Wait(planned);
            }
        }
    }

    /// <summary>The next tick that is due, if one is. Its reminder has no other until the tick has <see cref="Ended"/>.</summary>
    public DueTick? Take(DateTime now)
    {
        if (_waiting.Min is not { } planned || planned.Reminder.TickDue(now) is not { } tick)
        {
            return null;
        }

        _waiting.Remove(planned);
        planned.IsUnderWay = true;
        return new(planned.Key.Entity, planned.Key.Name, planned.Reminder, tick, planned.Version);
    }

    /// <summary>Reminders that wait for a time which only a wrong clock can have noted (<see cref="Reminder.Corrected"/>).</summary>
    public IReadOnlyList<(string Entity, string Name, Reminder Wrong)> Misdated(DateTime now) =>
    [
        .. _planned.Values.Where(planned => !planned.IsUnderWay && planned.Reminder.Corrected(now) is not null)
            .Select(static planned => (planned.Key.Entity, planned.Key.Name, planned.Reminder)),
    ];

    /// <param name="due">What <see cref="Take"/> gave.</param>
    /// <param name="isFired">False: it was not sent, and is still due.</param>
    public void Ended(DueTick due, bool isFired)
    {
        if (!_planned.TryGetValue((due.Entity, due.Name), out var planned) || planned.Reminder.Registration != due.Reminder.Registration)
        {
            // Unregistered or registered anew meanwhile.
            return;
        }

        // Another one of the same registration may wait by now: the entity left and came back meanwhile.
        _waiting.Remove(planned);
        planned.IsUnderWay = false;
        if (isFired && !(planned.Reminder.Fired >= due.Tick))
        {
            planned.Reminder = planned.Reminder with { Fired = due.Tick };
        }

        Wait(planned);
    }

    private void Wait(Planned planned)
    {
        planned.Tick = planned.Reminder.NextTick;
        if (!planned.IsUnderWay && planned.Tick != DateTime.MaxValue)
        {
            _waiting.Add(planned);
        }
    }

    private sealed class Planned((string Entity, string Name) key, long number)
    {
        public (string Entity, string Name) Key { get; } = key;

        public long Number { get; } = number;

        public required Reminder Reminder { get; set; }

        public required RecordVersion Version { get; set; }

        public bool IsUnderWay { get; set; }

        /// <summary>Its place in the order; changed only while it does not wait.</summary>
        public DateTime Tick { get; set; }
    }
}
