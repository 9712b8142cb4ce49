using System.Collections.Concurrent;
using Orleans.Serialization;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Runtime.Errors;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.Shards.Moves;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.Moves;

/// <summary>
/// Moves entities between shards, and finishes moves that others began. The work is done by the home of the shard that an entity goes to; here is who asks it,
/// again and again: every step can be repeated, by anybody.
/// </summary>
internal sealed class EntityMoves(
    CurrentTopology topology, GeoGrainPolicies policies, PinDirectory pins, IRegionLinks links, IGrainFactory grains, TimeProvider time) : IEntityMoves
{
    private const int LongestChain = 64;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan SettleBound = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<GrainId, byte> _settling = new();
    private readonly ConcurrentDictionary<GrainId, Lazy<Task<bool>>> _finishing = new();

    /// <summary>An entity is found where it was moved to: has the shard of its key told, without waiting. If that cannot be done now, it is found again.</summary>
    public void Settle(GrainId entity, Residence here)
    {
        if (_settling.TryAdd(entity, 0))
        {
            // Not in the context of the activation that found it: its calls would wait for, and stage, what a request of that has under way.
            _ = Task.Run(() => SettleAsync(entity, new(here.Generation, here.From, here.Shard, here.IsFollowing)));
        }
    }

    /// <summary>The shard of an entity's key: where it is if it was never moved, and who knows where it is.</summary>
    public int ShardOfKey(GrainId entity) => policies.TryGet(entity.Type, out var policy)
        ? policy.Locate(topology.Value, entity.Key.AsSpan())
        : throw new ArgumentException($"{entity} is not a geo grain.", nameof(entity));

    /// <summary>Moves an entity, and completes when it is there and the shard of its key says so. Moves of one entity follow one another.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="target">Where it is to be.</param>
    /// <param name="isFollowing">Nobody asked for it: it moves to who writes it.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <exception cref="OperationCanceledException">It may have begun; then the next request to the entity, or the next move, finishes it.</exception>
    public async Task MoveAsync(GrainId entity, ShardId target, bool isFollowing, CancellationToken cancellationToken)
    {
        while (!await TryMoveAsync(entity, target, isFollowing, cancellationToken))
        {
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>Where an entity is as this region shows it, or as this process has heard since; null: that cannot be told now.</summary>
    public async Task<EntityShard?> LocateAsync(GrainId entity, CancellationToken cancellationToken)
    {
        var at = new EntityShard(ShardOfKey(entity), 0);
        for (var hop = 0; hop < LongestChain; hop++)
        {
            var where = await grains.GetGrain<IShardGrain>(Map[at.Index].Name).Where(entity.ToString(), isHomeOnly: false).AsTask().WaitAsync(cancellationToken);
            if (where.Verdict != MoveVerdict.Done)
            {
                return null;
            }

            if (where.Read() is not { } residence || residence.Generation <= at.Generation || Map.IndexOf(residence.Shard) is not (>= 0 and var next))
            {
                break;
            }

            at = new(next, residence.Generation);
            if (residence.IsHere)
            {
                break;
            }
        }

        return pins.TryFind(entity, out var heard) && heard.Generation > at.Generation ? heard : at;
    }

    /// <summary>Asks the homes where an entity is, and remembers it if it was moved.</summary>
    /// <returns>Whether that was news.</returns>
    public async Task<bool> FollowAsync(GrainId entity, CancellationToken cancellationToken) =>
        await FindAsync(entity, cancellationToken) is { Generation: > 0 } found && pins.Learn(entity, new(Map.IndexOf(found.At), found.Generation));

    /// <summary>Finishes the move that is open, if one is.</summary>
    /// <returns>Whether it is known to be finished.</returns>
    /// <remarks>However many meet it, one of them does it.</remarks>
    public async Task<bool> FinishAsync(GrainId entity, TimeSpan patience)
    {
        var finishing = _finishing.GetOrAdd(entity, static (entity, self) => new(() => Task.Run(() => self.FinishOnceAsync(entity))), this);
        await Task.WhenAny(finishing.Value, Task.Delay(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, time));
        return finishing.Value is { IsCompletedSuccessfully: true, Result: true };
    }

    /// <summary>Has the shard of the key say where the entity is.</summary>
    public async Task<MoveVerdict> PointAsync(string entity, EntityMove move, CancellationToken cancellationToken) =>
        await AskAsync(Map[ShardOfKey(GrainId.Parse(entity))], MoveVerdict.NotNow, home => home.Point(MoveWire.Of(entity, move)), cancellationToken);

    /// <summary>Has the shard that the entity leaves let it go, and give what it takes along.</summary>
    public Task<LuggageWire> LeaveAsync(MoveWire move, LogPosition after, CancellationToken cancellationToken) =>
        AskAsync(new(move.From), new LuggageWire { Verdict = MoveVerdict.NotNow }, home => home.Leave(move, after.Value), cancellationToken);

    private ShardMap Map => topology.Value.Map;

    private async Task<bool> FinishOnceAsync(GrainId entity)
    {
        using var bound = new CancellationTokenSource(SettleBound, time);
        try
        {
            return await FindAsync(entity, bound.Token) is { } found && (!found.IsOpen || await TakeInAsync(entity, found.Move!, bound.Token) == MoveVerdict.Done);
        }
        finally
        {
            _finishing.TryRemove(entity, out _);
        }
    }

    private async Task SettleAsync(GrainId entity, EntityMove move)
    {
        using var bound = new CancellationTokenSource(SettleBound, time);
        try
        {
            await PointAsync(entity.ToString(), move, bound.Token);
        }
        finally
        {
            _settling.TryRemove(entity, out _);
        }
    }

    private async Task<bool> TryMoveAsync(GrainId entity, ShardId target, bool isFollowing, CancellationToken cancellationToken)
    {
        if (await FindAsync(entity, cancellationToken) is not { } found)
        {
            return false;
        }

        if (found.IsOpen)
        {
            // Somebody else's: it comes first.
            await TakeInAsync(entity, found.Move!, cancellationToken);
            return false;
        }

        var move = found.At == target ? found.Move : new EntityMove(found.Generation + 1, found.At, target, isFollowing);
        if (move is null)
        {
            // It is where its key says, and was never elsewhere.
            return true;
        }

        if (found.At != target && await TakeInAsync(entity, move, cancellationToken) != MoveVerdict.Done)
        {
            return false;
        }

        pins.Learn(entity, new(Map.IndexOf(move.To), move.Generation));
        return await PointAsync(entity.ToString(), move, cancellationToken) == MoveVerdict.Done;
    }

    private Task<MoveVerdict> TakeInAsync(GrainId entity, EntityMove move, CancellationToken cancellationToken) =>
        AskAsync(move.To, MoveVerdict.NotNow, home => home.TakeIn(MoveWire.Of(entity.ToString(), move)), cancellationToken);

    /// <summary>Asks the homes, from the shard of the key on, where the entity is. Null: one of them cannot say so now.</summary>
    private async Task<Found?> FindAsync(GrainId entity, CancellationToken cancellationToken)
    {
        var name = entity.ToString();
        var at = Map[ShardOfKey(entity)];
        Residence? pointer = null;
        for (var hop = 0; hop < LongestChain; hop++)
        {
            var where = await AskAsync(at, WhereWire.NotNow, home => home.Where(name, isHomeOnly: true), cancellationToken);
            if (where.Verdict != MoveVerdict.Done)
            {
                return null;
            }

            var residence = where.Read();
            if (pointer is not null && (residence is null || residence.Generation < pointer.Generation))
            {
                return new(at, pointer.Generation, new(pointer.Generation, pointer.From, at, pointer.IsFollowing), IsOpen: true);
            }

            if (residence is null or { IsHere: true })
            {
                return new(at, residence?.Generation ?? 0, residence is null ? null : new(residence.Generation, residence.From, at, residence.IsFollowing), IsOpen: false);
            }

            (pointer, at) = (residence, residence.Shard);
        }

        return null;
    }

    private async Task<T> AskAsync<T>(ShardId shard, T notNow, Func<IShardGrain, ValueTask<T>> ask, CancellationToken cancellationToken)
    {
        var index = Map.IndexOf(shard);
        if (index < 0 || links.GrainsOf(topology.Value.HomeOf(index).Region, grains) is not { } there)
        {
            return notNow;
        }

        try
        {
            return await ask(there.GetGrain<IShardGrain>(shard.Name)).AsTask().WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is OrleansException or SerializerException || Failures.IsTransient(exception))
        {
            // It did not arrive, or the shard closed there meanwhile.
            return notNow;
        }
    }

    /// <param name="At">The shard that has the entity, or is to have it.</param>
    /// <param name="Generation">How often it was moved.</param>
    /// <param name="Move">The last of these moves.</param>
    /// <param name="IsOpen">It has left the one shard, and not arrived in the other.</param>
    private sealed record Found(ShardId At, long Generation, EntityMove? Move, bool IsOpen);
}
