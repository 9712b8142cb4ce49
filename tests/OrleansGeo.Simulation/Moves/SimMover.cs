using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;

namespace OrleansGeo.Simulation.Moves;

/// <summary>An operator who moves entities between shards, and does not always finish. In the end every move is finished.</summary>
internal sealed class SimMover(SimWorld world, int region)
{
    private int _left = -1;

    /// <summary>Since no fault comes any more: why it is not done; null: it is.</summary>
    public string? NotDone => _left > 0 ? $"{EntityOf(_left - 1)} is on its way, and nobody takes it in" : null;

    /// <summary>Every entity was found at home in one shard.</summary>
    public bool IsDone => _left == 0;

    public void Start()
    {
        _left = world.Config.Entities;
        After(100_000, Next);
    }

    /// <summary>One move of an entity, or one step of it.</summary>
    public void Move(string entity, int target, Action done) => world.Moves.Find(region, entity, found =>
    {
        if (found is null)
        {
            done();
        }
        else if (found is { IsOpen: true, Move: { } open })
        {
            // Somebody else's: it comes first.
            world.Moves.TakeIn(region, entity, open, _ => done());
        }
        else if (found.At.Shard != target)
        {
            Begin(entity, new(found.At.Generation + 1, world.IdOf(found.At.Shard), world.IdOf(target)), done);
        }
        else if (found.Move is { } made)
        {
            world.Moves.Point(region, entity, made, _ => done());
        }
        else
        {
            done();
        }
    });

    private void Next()
    {
        if (world.IsQuiet)
        {
            Settle();
            return;
        }

        Move(EntityOf(world.Chance.Below(world.Config.Entities)), world.Chance.Below(world.Config.Shards.Length), () => After(world.Config.MoveEveryMilliseconds * 2_000, Next));
    }

    private void Begin(string entity, EntityMove move, Action done)
    {
        world.Trace($"mover at {world.NameOf(region)}: {entity} from {move.From} to {move.To}, generation {move.Generation}");
        if (world.Chance.Percent(20) && !world.IsQuiet)
        {
            // It ends in the middle.
            world.Moves.Leave(region, entity, move, LogPosition.Zero, _ => done());
        }
        else
        {
            world.Moves.TakeIn(region, entity, move, _ => done());
        }
    }

    private void Settle()
    {
        if (_left > 0)
        {
            world.Moves.Finish(region, EntityOf(_left - 1), isFinished =>
            {
                _left -= isFinished ? 1 : 0;
                After(20_000, Settle);
            });
        }
    }

    private void After(int microseconds, Action action) => world.Events.After(world.Chance.Between(1_000, microseconds), action);

    private static string EntityOf(int number) => $"e{number}";
}
