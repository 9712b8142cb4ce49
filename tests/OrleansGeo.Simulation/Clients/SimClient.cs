namespace OrleansGeo.Simulation.Clients;

/// <summary>A caller in one region: one request after the other, each repeated with the same id until it is answered or its deadline passes.</summary>
internal sealed class SimClient(SimWorld world, int region)
{
    private const long Deadline = 1_200_000;
    private const string StateNames = "ab";
    private bool _unknown;
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
            sets.Length > 0 && chance.Percent(10) ? StateNames.Substring(chance.Below(2), 1) : null);
        world.Operations.Add(Current);
        _unknown = false;
        _started = world.Events.Now;
        if (Current.IsRead && chance.Percent(60))
        {
            world.Regions[region].ReadLocally(Current);
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

        var home = world.Chance.Percent(85) ? world.IndexOf(world.Regions[region].StateOf(operation.Shard).Home.Region) : world.Chance.Below(world.Config.Regions);
        var answered = false;
        world.Network.Send(region, home, "request", () => world.Regions[home].Request(operation, answer => world.Network.Send(home, region, "response", () =>
        {
            if (!answered && Current == operation)
            {
                answered = true;
                Answered(operation, answer);
            }
        })));
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

    private void Answered(SimOperation operation, SimAnswer answer)
    {
        if (answer == SimAnswer.Done)
        {
            Finish(SimOutcome.Acknowledged);
        }
        else
        {
            _unknown |= answer == SimAnswer.Unknown;
            world.Events.After(world.Chance.Between(1_000, 50_000), () => Attempt(operation));
        }
    }

    private void Finish(SimOutcome outcome)
    {
        world.Trace($"client of {world.NameOf(region)}: request {Current?.Number} {outcome}");
        Current!.Outcome = outcome;
        Current = null;
        world.Events.After(world.Chance.Between(500, 40_000), Next);
    }
}
