using System.Collections.Immutable;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Simulation.Clients;
using OrleansGeo.Simulation.Moves;

namespace OrleansGeo.Simulation.Shells;

/// <summary>The steps of moves at a shard's home. Each is answered when it is on a majority of regions, and changes nothing when it is made again.</summary>
internal sealed partial class HomeShell
{
    private const int PageItems = 3;

    public void Where(string entity, Action<bool, Residence?> reply) => Hold(
        entity,
        live =>
        {
            var record = live.Current!;
            WhenStable(record.Residence?.Version.Position ?? LogPosition.Zero, isStable => reply(isStable, isStable ? Residence.Of(record) : null));
        },
        () => reply(false, null));

    public void Leave(string entity, EntityMove move, LogPosition after, Action<Luggage> reply) => Hold(
        entity,
        live =>
        {
            var verdict = Make(live, move.Leave(live.Current!, World.ShardOfKey(entity) == Shard, out var changes), changes);
            var left = live.Current!;
            if (verdict != MoveVerdict.Done)
            {
                reply(Luggage.None(verdict));
            }
            else if (Fault == SimFault.LeaveNotDurable)
            {
                reply(Pack(entity, move, left, after));
            }
            else
            {
                WhenStable(left.Residence!.Version.Position, isStable => reply(isStable ? Pack(entity, move, left, after) : Luggage.None(MoveVerdict.NotNow)));
            }
        },
        () => reply(Luggage.None(MoveVerdict.NotNow)));

    /// <summary>Takes an entity in: has the shard before let it go, and the shard of its key say where it is.</summary>
    public void TakeIn(string entity, EntityMove move, Action<MoveVerdict> reply) => Fetch(entity, move, LogPosition.Zero, reply);

    public void Point(string entity, EntityMove move, Action<MoveVerdict> reply) => Hold(
        entity,
        live =>
        {
            var verdict = Make(live, move.Point(live.Current!, out var changes), changes);
            WhenStable(live.Current!.Version.Position, isStable => reply(isStable ? verdict : MoveVerdict.NotNow));
        },
        () => reply(MoveVerdict.NotNow));

    private void Fetch(string entity, EntityMove move, LogPosition after, Action<MoveVerdict> reply) => Hold(
        entity,
        live =>
        {
            if (Residence.Of(live.Current!) is { } residence && residence.Generation >= move.Generation)
            {
                Arrived(entity, move, live.Current!, reply);
                return;
            }

            World.Moves.Leave(Region.Index, entity, move, after, luggage =>
            {
                if (luggage.Verdict == MoveVerdict.Done)
                {
                    Unpack(entity, move, luggage, reply);
                }
                else
                {
                    reply(luggage.Verdict);
                }
            });
        },
        () => reply(MoveVerdict.NotNow));

    /// <summary>Public for schedules by hand: a page that was long on its way.</summary>
    public void Unpack(string entity, EntityMove move, Luggage luggage, Action<MoveVerdict> reply) => Hold(
        entity,
        live =>
        {
            // What was remembered there is remembered here before the entity is.
            var isRemembered = Fault == SimFault.MoveWithoutRemembered || luggage.Remembered.All(item => Remember(live, item.Request, item.Answer));
            if (!isRemembered)
            {
                reply(MoveVerdict.NotNow);
            }
            else if (luggage.Next != LogPosition.Zero)
            {
                Fetch(entity, move, luggage.Next, reply);
            }
            else if (Make(live, move.Arrive(Known(live.Current!), luggage.States, luggage.Via, out var changes), changes) == MoveVerdict.Done)
            {
                Arrived(entity, move, live.Current!, reply);
            }
            else
            {
                reply(MoveVerdict.NotNow);
            }
        },
        () => reply(MoveVerdict.NotNow));

    private void Arrived(string entity, EntityMove move, EntityRecord record, Action<MoveVerdict> reply) => WhenStable(record.Residence!.Version.Position, isStable =>
    {
        reply(isStable ? MoveVerdict.Done : MoveVerdict.NotNow);
        if (isStable && World.Chance.Percent(80))
        {
            World.Moves.Point(Region.Index, entity, move, static _ => { });
        }
    });

    private Luggage Pack(string entity, EntityMove move, EntityRecord left, LogPosition after)
    {
        var remembered = Log.Deduplication.Of(entity, after).Take(PageItems + 1).ToList();
        var isLast = remembered.Count <= PageItems;
        var page = isLast ? [.. remembered] : remembered[..PageItems].ToImmutableArray();
        return isLast
            ? new(MoveVerdict.Done, page, LogPosition.Zero, EntityMove.StatesOf(left), move.ViaOf(left, Log.Head.Epochs))
            : new(MoveVerdict.Done, page, page[^1].Answer.Position, [], []);
    }

    /// <summary>Without the rule, generations are not compared.</summary>
    private EntityRecord Known(EntityRecord record) =>
        Fault == SimFault.OlderMoveArrives ? new(record.States.RemoveAll(static state => state.Name == Residence.StateName)) : record;

    private MoveVerdict Make(LiveRecord live, MoveVerdict verdict, ImmutableArray<StateChange> changes)
    {
        if (verdict != MoveVerdict.Staged)
        {
            return verdict;
        }

        var result = Run.Stage(new(live, live.Current!.Version, RequestId.None, 0, changes, default, IsMove: true));
        World.Trace($"{Name}: {live.Entity} {Residence.Of(live.Current)}: {result.Verdict} {result.Position}");
        if (result.Verdict == StageVerdict.Staged)
        {
            World.Checks.Entities.Moved(live);
        }

        return result.Verdict == StageVerdict.Staged ? MoveVerdict.Done : MoveVerdict.NotNow;
    }

    private bool Remember(LiveRecord live, RequestId request, Protocol.Deduplication.RecordedAnswer answer) =>
        Run.Stage(new(live, live.Current!.Version, request, answer.Fingerprint, [], answer.Answer, IsMove: true)).Verdict is StageVerdict.Staged or StageVerdict.Repeated;

    private void Hold(string entity, Action<LiveRecord> step, Action refuse)
    {
        if (!WouldServe || IsHandingOver)
        {
            refuse();
            return;
        }

        var log = Log;
        var held = log.Records.Hold(entity);
        Load(held, live =>
        {
            if (live.IsClosed)
            {
                refuse();
                return;
            }

            step(live);
            Release(live);
            Go();
        }, () =>
        {
            log.Records.Release(held, log.Head.Checkpoint);
            refuse();
        });
    }

    /// <summary>A majority of regions has it, and this is still the home. What then is done is done in a moment, not among others who wait.</summary>
    private void WhenStable(LogPosition position, Action<bool> done) =>
        _waiting.Enqueue(new(position, answer => After(1, () => done(answer.Answer == SimAnswer.Done)), null, ForMajority: true));

    /// <summary>Whether the entity is not in this shard, which is what is answered then.</summary>
    private bool IsElsewhere(SimOperation operation, EntityPlace asked, EntityRecord record, Action<SimReply> reply)
    {
        var residence = World.Config.Moves ? Residence.Of(record) : null;
        if (asked.Generation > (residence?.Generation ?? 0))
        {
            // It left for here and has not arrived: whoever meets that finishes it.
            World.Moves.Finish(Region.Index, operation.Entity, static _ => { });
            reply(SimAnswer.Refused);
            return true;
        }

        // Of a write, the log itself says so.
        if (residence is not { IsHere: false } || Fault == SimFault.LeftEntityWritten || (!operation.IsRead && World.Chance.Percent(30)))
        {
            return false;
        }

        Redirect(operation, record, reply);
        return true;
    }

    /// <summary>That the entity left is said once a majority of regions has it, and is true for ever then.</summary>
    private void Redirect(SimOperation operation, EntityRecord record, Action<SimReply> reply)
    {
        var left = Residence.Of(record)!;
        var place = new EntityPlace(World.ShardAt(left.Shard), left.Generation);
        WhenStable(record.Residence!.Version.Position, isStable =>
        {
            if (isStable && Region.Shells[place.Shard] is HomeShell home && World.Chance.Percent(50))
            {
                home.Request(operation, place, reply);
            }
            else
            {
                reply(isStable ? new SimReply(SimAnswer.Moved, Place: place) : SimAnswer.Refused);
            }
        });
        Go();
    }
}
