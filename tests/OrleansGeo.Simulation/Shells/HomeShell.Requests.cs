using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Sessions;
using OrleansGeo.Simulation.Checkers;
using OrleansGeo.Simulation.Clients;
using OrleansGeo.Simulation.Moves;

namespace OrleansGeo.Simulation.Shells;

internal sealed partial class HomeShell
{
    /// <summary>Takes one attempt of a client.</summary>
    public void Request(SimOperation operation, EntityPlace asked, Action<SimReply> reply)
    {
        if (!WouldServe || (!operation.IsRead && Run.RefusalAt(Region.Now) is not null))
        {
            reply(SimAnswer.Refused);
            return;
        }

        Serves();
        var bound = World.Checks.Reads.Begin(operation, Shard, Token);
        var held = Log.Records.Hold(operation.Entity);
        Load(held, live => Take(operation, asked, live, bound, reply), () =>
        {
            Log.Records.Release(held, Log.Head.Checkpoint);
            reply(SimAnswer.Refused);
        });
    }

    private void Take(SimOperation operation, EntityPlace asked, LiveRecord live, ReadBound bound, Action<SimReply> reply)
    {
        if (IsElsewhere(operation, asked, live.Current!, reply))
        {
            Release(live);
        }
        else if (Judge(operation, live.Current!) is { } verdict)
        {
            Release(live);
            reply(verdict);
        }
        else
        {
            Perform(operation, live, bound, reply);
        }
    }

    /// <summary>Why a session's request is not taken; null when it is. One that was taken before is answered, whatever the session has seen since.</summary>
    private SimReply? Judge(SimOperation operation, EntityRecord record)
    {
        if (operation.Session is not { } session || (!operation.IsRead && Log.Deduplication.TryFind(operation.Entity, operation.Request, out _)))
        {
            return null;
        }

        if (operation.IsToldLost)
        {
            return SimAnswer.Refused;
        }

        return session.Judge(Region, Shard, Log.Head.Epochs, Run.Acknowledged, Log.Head.Epochs, record, out var lost) switch
        {
            FloorVerdict.Lost => SimReply.Lost(lost),
            FloorVerdict.NotYet => SimAnswer.Refused,
            _ => null,
        };
    }

    /// <summary>The activation ends, at once or much later.</summary>
    private void Release(LiveRecord live)
    {
        if (World.Chance.Percent(50))
        {
            Log.Records.Release(live, Log.Head.Checkpoint);
        }
        else
        {
            After(World.Chance.Between(1_000, 500_000), () => Log.Records.Release(live, Log.Head.Checkpoint));
        }
    }

    /// <summary>The request's method. Sometimes it runs in a second activation, whose state is from before.</summary>
    private void Perform(SimOperation operation, LiveRecord live, ReadBound bound, Action<SimReply> reply)
    {
        var record = live.Current!;
        if (operation.IsRead)
        {
            Release(live);
            Wait(record.Version.Position, answer =>
            {
                if (answer.Answer == SimAnswer.Done)
                {
                    // What was staged and is lost by a crash was never seen by anybody.
                    World.Checks.Reads.End(operation, Shard, Token, record, bound);
                    World.Checks.Visible.Seen(Region.Index, Shard, operation.Entity, record);
                    World.Checks.Sessions.Served(operation.Audience, Region.Index, Shard, Log.Stored, operation.Entity, record);
                }

                reply(MovedRecord.Stamp(World, answer, Shard, record.Version, record));
            }, null);
        }
        else if (World.Chance.Percent(10))
        {
            After(World.Chance.Between(100, 5_000), () => Stage(operation, live, record, reply));
        }
        else
        {
            Stage(operation, live, record, reply);
        }
    }

    private void Stage(SimOperation operation, LiveRecord live, EntityRecord record, Action<SimReply> reply)
    {
        var changes = operation.Sets.Select(name => new StateChange(name, operation.Apply(name, record.Find(name)?.Bytes)));
        var request = Fault == SimFault.NoDeduplication ? operation.Request.Further(World.Chance.Below(int.MaxValue)) : operation.Request;
        var expected = Fault == SimFault.StageWithoutVersionCheck ? live.Current!.Version : record.Version;
        var result = Run.Stage(new(live, expected, request, operation.Number + 1, [.. changes], operation.Answer(), IsMove: Fault == SimFault.LeftEntityWritten));
        World.Trace($"{Name}: request {operation.Number} on {operation.Entity} sets {string.Join(',', operation.Sets)} clears {operation.Clears} from {record.Version}: {result.Verdict} {result.Position}");
        switch (result.Verdict)
        {
            case StageVerdict.Staged:
                World.Checks.Sessions.Served(operation.Audience, Region.Index, Shard, Log.Stored, operation.Entity, record);
                World.Checks.Entities.Staged(Shard, operation.Entity, result.Version, record);
                Wait(result.Position, answer => reply(MovedRecord.Stamp(World, answer, Shard, result.Version, record)), new() { Kind = EntryKind.Write, Position = result.Position, Entity = operation.Entity, EntityVersion = result.Version });
                break;
            case StageVerdict.Repeated when Residence.HasLeft(record):
                Redirect(operation, record, reply);
                break;
            case StageVerdict.Repeated:
                Log.Deduplication.TryFind(operation.Entity, operation.Request, out var answer);
                SimViolation.Unless(SimOperation.NumberOf(answer.Answer) == operation.Number, $"Invariant 8: request {operation.Number} got the answer of another.");
                var remembered = MovedRecord.Stamp(World, SimAnswer.Done, Shard, answer.EntityVersion, record);

                // What took effect elsewhere is answered as of the arrival, which has to be acknowledged too.
                Wait(LogPosition.Max(answer.Position, remembered.Version.Position), repeated => reply(remembered with { Answer = repeated.Answer }), new() { Kind = EntryKind.Write, Position = answer.Position, Entity = operation.Entity, EntityVersion = answer.EntityVersion });
                break;
            case StageVerdict.StaleRecord when !live.IsClosed:
                Take(operation, default, live, default, reply);
                return;
            case StageVerdict.Moved:
                Redirect(operation, record, reply);
                break;
            default:
                reply(SimAnswer.Refused);
                break;
        }

        Release(live);
        Go();
    }

    /// <summary>The output gate: nothing leaves until what it depends on is acknowledged, and the lease still holds then.</summary>
    private void Wait(LogPosition position, Action<SimReply> reply, LogEntry? entry)
    {
        if (entry is null && World.Config.DuplicateActivations)
        {
            AskStore(() => Enqueue(position, reply, null), reply);
        }
        else
        {
            Enqueue(position, reply, entry);
        }
    }

    /// <summary>A strong read where another activation may have written: the store, asked after the read came, must hold nothing that this one lacks.</summary>
    private void AskStore(Action done, Action<SimReply> reply) => Store("read head for a strong read", writes: false, () => Region.Store[Shard].Head, head =>
    {
        if (Run.IsNewest(head))
        {
            WhenStored(head.Last, done);
        }
        else
        {
            reply(SimAnswer.Refused);
            Go();
        }
    }, () => reply(SimAnswer.Refused));

    private void WhenStored(LogPosition position, Action done)
    {
        if (Log.Stored >= position)
        {
            done();
        }
        else
        {
            After(500, () => WhenStored(position, done));
        }
    }

    private void Enqueue(LogPosition position, Action<SimReply> reply, LogEntry? entry)
    {
        if (IsAlive)
        {
            _waiting.Enqueue(new(position, reply, entry));
            Release();
        }
    }

    private void Release()
    {
        for (var i = _waiting.Count; i > 0 && IsAlive; i--)
        {
            var waiter = _waiting.Dequeue();
            if (waiter.At > (waiter.ForMajority ? Run.Stable : Open(Log)) || (!MayAct && Fault != SimFault.LeaseCheckedOnlyBefore))
            {
                _waiting.Enqueue(waiter);
                continue;
            }

            // What it took before it gave the shard away it finishes, while the other may begin.
            if (!_given)
            {
                Serves();
            }

            if (waiter.Entry is { } entry)
            {
                World.Checks.Acknowledgements.Acknowledged(Region.Index, Shard, Token, entry);
            }

            waiter.Reply(SimAnswer.Done);
        }
    }

    /// <summary>Of two activations in a region the one that is not current finds out at the store, and is judged by what it answers.</summary>
    private void Serves()
    {
        if (IsCurrent)
        {
            World.Checks.Homes.Serves(this, Region, Shard);
        }
    }

    /// <summary>This home ends. What waits has been appended, or may have been: nobody can say here that it did not happen.</summary>
    private void Drop()
    {
        while (_waiting.TryDequeue(out var waiter))
        {
            waiter.Reply(waiter.Entry is null || Fault == SimFault.FailureBeforeOutcome ? SimAnswer.Refused : SimAnswer.Unknown);
        }
    }

    private LogPosition Open(HomeLog log) => Fault switch
    {
        SimFault.AcknowledgeBeforeStable => log.Stored,
        SimFault.StableWithoutOwnEpoch => LogPosition.Max(log.Acknowledged, MajorityOfAnyEpoch(log)),
        _ => Run.Acknowledged,
    };

    private LogPosition MajorityOfAnyEpoch(HomeLog log)
    {
        var matches = Enumerable.Range(0, log.Config.Replicas.Length).Select(log.MatchOf).Append(log.Stored).OrderDescending().ToList();
        return matches[log.Config.Quorums.Majority - 1];
    }
}
