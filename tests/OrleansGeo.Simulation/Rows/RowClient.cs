using OrleansGeo.Simulation.Clients;
using OrleansGeo.Simulation.Sessions;

namespace OrleansGeo.Simulation.Rows;

/// <summary>A caller of multi-writer entities that goes from region to region with its session: each request is for the region that it is in.</summary>
internal sealed class RowClient(SimWorld world)
{
    private const long Deadline = 1_200_000;
    private readonly SimSession _session = new(world);
    private int _region = world.Chance.Below(world.Config.Regions);
    private bool _unknown;
    private long _started;

    public RowOperation? Current { get; private set; }

    public void Start() => world.Events.After(world.Chance.Between(0, 20_000), Next);

    private void Next()
    {
        if (world.IsQuiet)
        {
            return;
        }

        var chance = world.Chance;
        if (chance.Percent(40))
        {
            _session.Travel();
            _region = chance.Below(world.Config.Regions);
        }

        var kind = chance.Pick([RowOperationKind.Read, RowOperationKind.Read, RowOperationKind.Count, RowOperationKind.Add, RowOperationKind.Remove]);
        Current = new(world.RowOperations.Count, $"m{chance.Below(2)}", kind, chance.Between(1, 9), $"k{chance.Below(3)}", chance.Percent(30)) { Session = _session };
        world.RowOperations.Add(Current);
        _unknown = false;
        _started = world.Events.Now;
        Attempt(Current);
    }

    private void Attempt(RowOperation operation)
    {
        if (world.Events.Now - _started >= Deadline)
        {
            Finish(_unknown ? SimOutcome.Unknown : SimOutcome.DidNotHappen);
            return;
        }

        var answered = false;
        world.Network.Send(_region, _region, "row request", () => world.Regions[_region].RowRequest(operation, reply => world.Network.Send(_region, _region, "row response", () =>
        {
            if (!answered && Current == operation)
            {
                answered = true;
                Answered(operation, reply);
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

    private void Answered(RowOperation operation, RowReply reply)
    {
        switch (reply.Answer)
        {
            case SimAnswer.Done:
                Saw(operation, reply);
                Finish(SimOutcome.Acknowledged);
                break;
            case SimAnswer.Lost:
                Lost(reply);
                Finish(_unknown ? SimOutcome.Unknown : SimOutcome.DidNotHappen);
                break;
            default:
                _unknown |= reply.Answer == SimAnswer.Unknown;
                world.Events.After(world.Chance.Between(1_000, 50_000), () => Attempt(operation));
                break;
        }
    }

    private void Saw(RowOperation operation, RowReply reply)
    {
        for (var owner = 0; owner < reply.Rows.Length; owner++)
        {
            _session.Saw(world.RowOf(owner), reply.Rows[owner]);
            world.Checks.Sessions.Saw(_session, world.RowOf(owner), operation.Entity, reply.Rows[owner]);
        }
    }

    private void Lost(RowReply reply)
    {
        world.Checks.Sessions.ToldLost(_session, [.. reply.Rows.Select((shown, owner) => (world.RowOf(owner), shown))]);
        for (var owner = 0; owner < reply.Rows.Length; owner++)
        {
            _session.Lost(world.RowOf(owner), reply.Rows[owner]);
        }
    }

    private void Finish(SimOutcome outcome)
    {
        world.Trace($"client of rows in {world.NameOf(_region)}: request {Current?.Number} {outcome}");
        Current!.Outcome = outcome;
        Current = null;
        world.Events.After(world.Chance.Between(2_000, 60_000), Next);
    }
}
