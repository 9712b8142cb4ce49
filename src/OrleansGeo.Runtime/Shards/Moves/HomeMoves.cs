using System.Collections.Immutable;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Runtime.Shards.Records;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Shards.Moves;

/// <summary>The steps of moves at a shard's home (<see cref="EntityMove"/>). Each completes when it is on a majority of regions, and changes nothing when it is made again.</summary>
/// <remarks>An entity's reminders are a record beside its own and move with it: fenced after it, so that what is registered until then goes along, and there before it.</remarks>
/// <param name="home">The shard.</param>
/// <param name="grace">How long memory and requests of an entity may hold up its leave.</param>
internal sealed class HomeMoves(HomeShard home, TimeSpan grace)
{
    private const int PageBytes = 256 * 1024;

    /// <summary>Where the entity is, as far as this shard knows.</summary>
    public Task<WhereWire> WhereAsync(string entity) => GuardAsync(
        async () =>
        {
            using var record = await HoldAsync(entity);
            var residence = record.Current.Residence;
            await home.WhenStableAsync(residence?.Version.Position ?? LogPosition.Zero);
            return home.MayAct ? new WhereWire(MoveVerdict.Done, residence?.Bytes?.ToArray()) : WhereWire.NotNow;
        },
        WhereWire.NotNow);

    /// <param name="move">The move.</param>
    /// <param name="isShardOfKey">This shard is that of the entity's key.</param>
    /// <param name="after">What was remembered up to here was given before.</param>
    public Task<LuggageWire> LeaveAsync(MoveWire move, bool isShardOfKey, LogPosition after) => GuardAsync(
        async () =>
        {
            // Before requests are kept out: reading them may take long.
            using var record = await HoldAsync(move.Entity);
            using var reminders = await HoldAsync(ReminderRecords.Prefix + move.Entity);
            if (Residence.HasLeft(record.Current))
            {
                // A further page: nothing can be staged for it any more, so that there is nothing to wait for.
                return await LetGoAsync(move, isShardOfKey, after, record, reminders);
            }

            try
            {
                await home.LeavesAsync(move.Entity, grace);
                return await LetGoAsync(move, isShardOfKey, after, record, reminders);
            }
            finally
            {
                home.Departures.Withdraw(move.Entity);
            }
        },
        new LuggageWire { Verdict = MoveVerdict.NotNow });

    /// <param name="move">The move.</param>
    /// <param name="fetch">Asks the shard that the entity leaves for a page of what it takes along.</param>
    public Task<MoveVerdict> ArriveAsync(MoveWire move, Func<LogPosition, Task<LuggageWire>> fetch) => GuardAsync(
        async () =>
        {
            using var record = await HoldAsync(move.Entity);
            using var reminders = await HoldAsync(ReminderRecords.Prefix + move.Entity);
            var page = new LuggageWire { Next = -1 };
            while (page.Next != 0 && !IsThere(move, record.Current))
            {
                page = await fetch(new(Math.Max(0, page.Next)));
                if (page.Verdict != MoveVerdict.Done)
                {
                    return page.Verdict;
                }

                if (!await RememberAsync(record, page.Remembered))
                {
                    return MoveVerdict.NotNow;
                }
            }

            if (!IsThere(move, record.Current))
            {
                var via = page.ReadVia();
                var before = await StageAsync(reminders, (EntityRecord current, out ImmutableArray<StateChange> changes) =>
                    move.ToMove().Arrive(current, page.Reminders.Select(static state => state.ToChange()), via, out changes));
                var arrived = before.Verdict == MoveVerdict.NotNow ? before : await StageAsync(record, (EntityRecord current, out ImmutableArray<StateChange> changes) =>
                    move.ToMove().Arrive(current, page.States.Select(static state => state.ToChange()), via, out changes));
                if (arrived.Verdict == MoveVerdict.NotNow)
                {
                    return MoveVerdict.NotNow;
                }
            }

            await home.WhenStableAsync(record.Current.Residence!.Version.Position);
            return home.MayAct ? MoveVerdict.Done : MoveVerdict.NotNow;
        },
        MoveVerdict.NotNow);

    /// <summary>At the shard of the entity's key: says where it went, and lists it if that is another shard.</summary>
    public Task<MoveVerdict> PointAsync(MoveWire move) => GuardAsync(
        async () =>
        {
            using var record = await HoldAsync(move.Entity);
            var pointed = await StageAsync(record, (EntityRecord current, out ImmutableArray<StateChange> changes) => move.ToMove().Point(current, out changes));
            if (pointed.Verdict != MoveVerdict.Done)
            {
                return pointed.Verdict;
            }

            using var list = await HoldAsync(PinRecords.Prefix + move.Entity);
            var pin = move.To == home.Id.Name ? default(ReadOnlyMemory<byte>?) : ResidenceCodec.Encode(new(move.Generation, false, new(move.To), new(move.From), [], move.IsFollowing));
            var listed = await StageAsync(list, (EntityRecord current, out ImmutableArray<StateChange> changes) =>
                Residence.Of(record.Current) is { } residence && residence.Generation > move.Generation ? Nothing(out changes) : List(current, pin, move.Generation, out changes));
            await home.WhenStableAsync(LogPosition.Max(pointed.Position, listed.Position));
            return listed.Verdict == MoveVerdict.NotNow || !home.MayAct ? MoveVerdict.NotNow : MoveVerdict.Done;
        },
        MoveVerdict.NotNow);

    private async Task<LuggageWire> LetGoAsync(MoveWire move, bool isShardOfKey, LogPosition after, Held record, Held reminders)
    {
        var left = await StageAsync(record, (EntityRecord current, out ImmutableArray<StateChange> changes) => move.ToMove().Leave(current, isShardOfKey, out changes));
        if (left.Verdict != MoveVerdict.Done)
        {
            return new() { Verdict = left.Verdict };
        }

        var fenced = await StageAsync(reminders, (EntityRecord current, out ImmutableArray<StateChange> changes) => move.ToMove().Point(current, out changes));
        await home.WhenStableAsync(LogPosition.Max(left.Position, fenced.Position));
        return fenced.Verdict != MoveVerdict.NotNow && home.MayAct ? Pack(move, record.Current, reminders.Current, after) : new() { Verdict = MoveVerdict.NotNow };
    }

    private static MoveVerdict List(EntityRecord current, ReadOnlyMemory<byte>? pin, long generation, out ImmutableArray<StateChange> changes)
    {
        var listed = current.Find(PinRecords.StateName)?.Bytes;
        var isListed = listed is { } bytes ? ResidenceCodec.Decode(bytes).Generation >= generation : pin is null;
        changes = isListed ? [] : [new(PinRecords.StateName, pin)];
        return isListed ? MoveVerdict.Done : MoveVerdict.Staged;
    }

    /// <summary>A later move came meanwhile, and lists the entity or not.</summary>
    private static MoveVerdict Nothing(out ImmutableArray<StateChange> changes)
    {
        changes = [];
        return MoveVerdict.Done;
    }

    private static bool IsThere(MoveWire move, EntityRecord record) => Residence.Of(record) is { } residence && residence.Generation >= move.Generation;

    private LuggageWire Pack(MoveWire move, EntityRecord record, EntityRecord reminders, LogPosition after)
    {
        var remembered = home.RememberedOf(move.Entity, after, PageBytes, out var next);
        var page = new LuggageWire { Verdict = MoveVerdict.Done, Remembered = [.. remembered.Select(item => RememberedWire.Of(item.Request, item.Answer, record))], Next = next.Value };
        return next != LogPosition.Zero ? page : new()
        {
            Verdict = page.Verdict,
            Remembered = page.Remembered,
            States = [.. EntityMove.StatesOf(record).Select(StateWire.Of)],
            Reminders = [.. ReminderRecords.ToCarry(reminders).Select(StateWire.Of)],
            Via = ResidenceCodec.Encode(new(move.Generation, true, new(move.To), new(move.From), move.ToMove().ViaOf(record, home.EpochTable))).ToArray(),
        };
    }

    /// <summary>What was remembered there is remembered here, before the entity is: a request that took effect there is known when it is repeated here.</summary>
    private async Task<bool> RememberAsync(Held record, RememberedWire[] remembered)
    {
        foreach (var item in remembered)
        {
            StageResult staged;
            do
            {
                var current = record.Current;
                staged = home.Stage(new(record.Live, current.Version, item.Request, item.Fingerprint, [], item.Answer, IsMove: true), out _);
                if (staged.Verdict == StageVerdict.TooManyStaged)
                {
                    await home.WhenAcknowledgedAsync(home.StagedVersion.Position);
                }
            }
            while (staged.Verdict is StageVerdict.TooManyStaged or StageVerdict.StaleRecord && home.IsOpen && !record.Live.IsClosed);

            if (staged.Verdict is not (StageVerdict.Staged or StageVerdict.Repeated))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<(MoveVerdict Verdict, LogPosition Position)> StageAsync(Held record, Step step)
    {
        while (home.IsOpen && !record.Live.IsClosed)
        {
            var current = record.Current;
            var verdict = step(current, out var changes);
            if (verdict != MoveVerdict.Staged)
            {
                return (verdict, current.Version.Position);
            }

            var staged = home.Stage(new(record.Live, current.Version, RequestId.None, 0, changes, default, IsMove: true), out _);
            if (staged.Verdict == StageVerdict.Staged)
            {
                return (MoveVerdict.Done, staged.Position);
            }

            if (staged.Verdict == StageVerdict.TooManyStaged)
            {
                await home.WhenAcknowledgedAsync(home.StagedVersion.Position);
            }
            else if (staged.Verdict != StageVerdict.StaleRecord)
            {
                break;
            }
        }

        return (MoveVerdict.NotNow, LogPosition.Zero);
    }

    private async Task<Held> HoldAsync(string entity) => new(home, await home.HoldAsync(entity));

    /// <summary>The shard closed, or its store does not answer: nothing is known to have happened.</summary>
    private static async Task<T> GuardAsync<T>(Func<Task<T>> step, T notNow)
    {
        try
        {
            return await step();
        }
        catch (Exception exception) when (Shard.IsNotNow(exception))
        {
            return notNow;
        }
    }

    private delegate MoveVerdict Step(EntityRecord record, out ImmutableArray<StateChange> changes);

    private sealed class Held(HomeShard home, LiveRecord live) : IDisposable
    {
        public LiveRecord Live { get; } = live;

        public EntityRecord Current => Live.Current!;

        public void Dispose() => home.Release(Live);
    }
}
