using OrleansGeo.Simulation.Moves;
using OrleansGeo.Simulation.Sessions;

namespace OrleansGeo.Simulation.Clients;

/// <summary>
/// A caller in one region: one request after the other, each repeated with the same id until it is answered or its deadline passes. With a session it
/// goes from region to region.
/// </summary>
internal sealed class SimClient(SimWorld world, int region, SimSession? session)
{
    private const long Deadline = 1_200_000;
    private const string StateNames = "ab";
    private readonly SimPins _pins = new(world);
    private int _region = region;
    private bool _unknown;
    private bool _wantsHome;
    private long _started;

    public SimOperation? Current { get; private set; }

    public void Start() => world.Events.After(world.Chance.Between(0, 20_000), Next);

    private void Next()
    {
        if (world.IsQuiet)
        {
            return;
        }

        var chance = world.Chance;
        var entity = $"e{chance.Below(world.Config.Entities)}";
        var shard = world.Config.Moves ? world.ShardOfKey(entity) : chance.Below(world.Config.Shards.Length);
        var sets = chance.Below(4) switch { 0 => new[] { "a" }, 1 => ["b"], 2 => ["a", "b"], _ => chance.Percent(20) ? [] : ["a"] };
        Current = new(
            (ulong)world.Operations.Count,
            shard,
            entity,
            IsRead: chance.Percent(35),
            sets,
            sets.Length > 0 && chance.Percent(10) ? StateNames.Substring(chance.Below(2), 1) : null)
        {
            Session = session,
        };
        world.Operations.Add(Current);
        Travel();
        _unknown = false;
        _started = world.Events.Now;
        if (session is null && Current.IsRead && chance.Percent(60))
        {
            world.Regions[_region].ReadLocally(Current);
            Finish(SimOutcome.Acknowledged);
        }
        else
        {
            Attempt(Current);
        }
    }

    private void Attempt(SimOperation operation)
    {
        if (world.Events.Now - _started >= Deadline)
        {
            Finish(_unknown ? SimOutcome.Unknown : SimOutcome.DidNotHappen);
            return;
        }

        var isLocal = session is not null && operation.IsRead && !_wantsHome;
        var place = world.Config.Moves ? _pins.Find(operation.Entity) : new(operation.Shard);
        var to = isLocal ? _region
            : world.Chance.Percent(85) ? world.IndexOf(world.Regions[_region].StateOf(place.Shard).Home.Region)
            : world.Chance.Below(world.Config.Regions);
        var answered = false;
        void Reply(SimReply reply) => world.Network.Send(to, _region, "response", () =>
        {
            if (!answered && Current == operation)
            {
                answered = true;
                Answered(operation, reply);
            }
        });
        world.Network.Send(_region, to, "request", () =>
        {
            if (isLocal)
            {
                world.Regions[to].ReadInSession(operation, Reply);
            }
            else
            {
                world.Regions[to].Request(operation, place, Reply);
            }
        });
        world.Events.After(world.Chance.Between(150_000, 300_000), () =>
        {
            if (!answered && Current == operation)
            {
                answered = true;
                _unknown = true;
                Attempt(operation);
            }
        });
    }

    private void Answered(SimOperation operation, SimReply reply)
    {
        switch (reply.Answer)
        {
            case SimAnswer.Done:
                Saw(operation, reply);
                Finish(SimOutcome.Acknowledged);
                break;
            case SimAnswer.Moved when _pins.Learn(operation.Entity, reply.Place):
                Attempt(operation);
                break;
            case SimAnswer.Lost:
                operation.IsToldLost = true;
                world.Checks.Sessions.ToldLost(session!, reply.Seen.AsSpan());
                foreach (var (shard, goesOn) in reply.Seen)
                {
                    session!.Lost(shard, goesOn);
                }

                Finish(_unknown ? SimOutcome.Unknown : SimOutcome.DidNotHappen);
                break;
            case SimAnswer.Behind when !_wantsHome:
                _wantsHome = true;
                Attempt(operation);
                break;
            default:
                // By then this region may have caught up.
                _wantsHome = false;
                _unknown |= reply.Answer == SimAnswer.Unknown;
                world.Events.After(world.Chance.Between(1_000, 50_000), () => Attempt(operation));
                break;
        }
    }

    private void Saw(SimOperation operation, SimReply reply)
    {
        _pins.Learn(operation.Entity, reply.Place);
        if (session is null)
        {
            return;
        }

        world.Checks.EntityReads.Saw(session, operation.Entity, reply);
        foreach (var (shard, version) in reply.Seen.IsDefault ? [(reply.Place.Shard, reply.Version)] : reply.Seen.Add((reply.Place.Shard, reply.Version)))
        {
            session.Saw(shard, version);
            world.Checks.Sessions.Saw(session, shard, operation.Entity, version);
        }
    }

    private void Travel()
    {
        _wantsHome = false;
        if (session is not null && world.Chance.Percent(35))
        {
            _pins.Forget();
            session.Travel();
            _region = world.Chance.Below(world.Config.Regions);
        }
    }

    private void Finish(SimOutcome outcome)
    {
        world.Trace($"client of {world.NameOf(_region)}: request {Current?.Number} {outcome}");
        Current!.Outcome = outcome;
        Current = null;
        world.Events.After(world.Chance.Between(500, 40_000), Next);
    }
}
