using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Simulation.Shells;

namespace OrleansGeo.Simulation.Moves;

/// <summary>Asks homes for steps of moves, from any region, over the network. Whoever is not answered does not know whether the step was made, and repeats it.</summary>
internal sealed class MoveAsks(SimWorld world)
{
    private const int LongestChain = 64;

    /// <summary>What the homes, from the shard of the key on, say of an entity; null: one of them cannot say so now.</summary>
    public void Find(int from, string entity, Action<FoundEntity?> done) => Find(from, entity, world.ShardOfKey(entity), null, LongestChain, done);

    /// <summary>Has the shard that an entity goes to take it in.</summary>
    public void TakeIn(int from, string entity, EntityMove move, Action<MoveVerdict> done) =>
        Ask(from, move.To, MoveVerdict.NotNow, $"take {entity} in", (home, reply) => home.TakeIn(entity, move, reply), done);

    public void Leave(int from, string entity, EntityMove move, LogPosition after, Action<Luggage> done) =>
        Ask(from, move.From, Luggage.None(MoveVerdict.NotNow), $"let {entity} go", (home, reply) => home.Leave(entity, move, after, reply), done);

    public void Point(int from, string entity, EntityMove move, Action<MoveVerdict> done) =>
        Ask(from, world.IdOf(world.ShardOfKey(entity)), MoveVerdict.NotNow, $"point {entity}", (home, reply) => home.Point(entity, move, reply), done);

    /// <summary>Finishes the move that is open, if one is.</summary>
    /// <param name="from">The region that asks.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="done">Told whether it is known to be finished.</param>
    public void Finish(int from, string entity, Action<bool> done) => Find(from, entity, found =>
    {
        if (found is { IsOpen: true, Move: { } move })
        {
            TakeIn(from, entity, move, verdict => done(verdict == MoveVerdict.Done));
        }
        else
        {
            done(found is not null);
        }
    });

    private void Find(int from, string entity, int shard, Residence? pointer, int hops, Action<FoundEntity?> done) => Ask<(bool IsKnown, Residence? Residence)>(
        from,
        world.IdOf(shard),
        (false, null),
        $"where is {entity}",
        (home, reply) => home.Where(entity, (isKnown, residence) => reply((isKnown, residence))),
        where =>
        {
            var (isKnown, residence) = where;
            if (!isKnown || hops == 0)
            {
                done(null);
            }
            else if (pointer is not null && (residence is null || residence.Generation < pointer.Generation))
            {
                done(new(new(shard, pointer.Generation), new(pointer.Generation, pointer.From, world.IdOf(shard)), IsOpen: true));
            }
            else if (residence is null or { IsHere: true })
            {
                done(new(new(shard, residence?.Generation ?? 0), residence is null ? null : new(residence.Generation, residence.From, world.IdOf(shard)), IsOpen: false));
            }
            else
            {
                Find(from, entity, world.ShardAt(residence.Shard), residence, hops - 1, done);
            }
        });

    private void Ask<T>(int from, Protocol.Sharding.ShardId id, T notNow, string what, Action<HomeShell, Action<T>> ask, Action<T> done)
    {
        var shard = world.ShardAt(id);
        var to = world.IndexOf(world.Regions[from].StateOf(shard).Home.Region);
        var answered = false;
        void Answer(T answer)
        {
            if (!answered)
            {
                answered = true;
                done(answer);
            }
        }

        void Reply(T answer) => world.Network.Send(to, from, $"answer to '{what}'", () => Answer(answer));
        world.Network.Send(from, to, $"{what}, in shard {shard}", () =>
        {
            if (world.Regions[to].HomeOf(shard) is { } home)
            {
                ask(home, Reply);
            }
            else
            {
                Reply(notNow);
            }
        });
        world.Events.After(world.Chance.Between(200_000, 500_000), () => Answer(notNow));
    }
}
