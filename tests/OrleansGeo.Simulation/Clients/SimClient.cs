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
        var shard = chance.Below(world.Config.Shards.Length);
        var sets = chance.Below(4) switch { 0 => new[] { "a" }, 1 => ["b"], 2 => ["a", "b"], _ => chance.Percent(20) ? [] : ["a"] };
        Current = new(
            (ulong)world.Operations.Count,
            shard,
            $"e{chance.Below(world.Config.Entities)}",
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
        var to = isLocal ? _region
            : world.Chance.Percent(85) ? world.IndexOf(world.Regions[_region].StateOf(operation.Shard).Home.Region)
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
                world.Regions[to].Request(operation, Reply);
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
                session?.Saw(operation.Shard, reply.Version);
                world.Checks.Sessions.Saw(session, operation.Shard, operation.Entity, reply.Version);
                Finish(SimOutcome.Acknowledged);
                break;
            case SimAnswer.Lost:
                world.Checks.Sessions.ToldLost(session!, (operation.Shard, reply.Version));
                session!.Lost(operation.Shard, reply.Version);
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

    private void Travel()
    {
        _wantsHome = false;
        if (session is not null && world.Chance.Percent(35))
        {
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
