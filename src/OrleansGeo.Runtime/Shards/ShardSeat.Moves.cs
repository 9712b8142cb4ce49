using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Runtime.Errors;
using OrleansGeo.Runtime.Shards.Moves;
using OrleansGeo.Runtime.Shards.Records;

namespace OrleansGeo.Runtime.Shards;

/// <summary>What moves of entities ask of a shard: most of it of its home.</summary>
internal sealed partial class ShardSeat
{
    private static readonly TimeSpan FetchBound = TimeSpan.FromMilliseconds(500);

    public async Task<WhereWire> WhereAsync(string entity, bool isHomeOnly)
    {
        if (MovesHere is { } home)
        {
            return await home.WhereAsync(entity);
        }

        return !isHomeOnly && await PeekAsync(entity) is { } record ? new(MoveVerdict.Done, record.Residence?.Bytes?.ToArray()) : WhereWire.NotNow;
    }

    public async Task<LuggageWire> LeaveAsync(MoveWire move, LogPosition after)
    {
        if (MovesHere is not { } home)
        {
            return new() { Verdict = MoveVerdict.NotNow };
        }

        var luggage = await home.LeaveAsync(move, _silo.Moves.ShardOfKey(GrainId.Parse(move.Entity)) == _index, after);
        return Passed(MoveStep.Left, move, luggage.Verdict) ? luggage : new() { Verdict = luggage.Verdict };
    }

    /// <summary>Takes an entity in: has the shard before let it go, and the shard of its key say where it is.</summary>
    public async Task<MoveVerdict> TakeInAsync(MoveWire move)
    {
        if (MovesHere is not { } home)
        {
            return MoveVerdict.NotNow;
        }

        var verdict = await home.ArriveAsync(move, after => _silo.Moves.LeaveAsync(move, after, _runner.Stopping));
        if (Passed(MoveStep.Arrived, move, verdict))
        {
            // If it cannot be told now, whoever asked for the move does it, or the next that loads the entity here.
            await _silo.Moves.PointAsync(move.Entity, move.ToMove(), _runner.Stopping);
        }

        return verdict;
    }

    public async Task<MoveVerdict> PointAsync(MoveWire move)
    {
        var verdict = MovesHere is { } home ? await home.PointAsync(move) : MoveVerdict.NotNow;
        Passed(MoveStep.Pointed, move, verdict);
        return verdict;
    }

    /// <summary>Whether the entity can be read or written in this shard here, if it came in this generation; null: that cannot be told now. A home fetches it if it must.</summary>
    public async Task<bool?> ShowsAsync(string entity, long generation)
    {
        var isShown = await HasAsync(entity, generation);
        if (isShown == false && MovesHere is not null)
        {
            // If it cannot be fetched now, it is not here: then it is read as it was when it left.
            await _silo.Moves.FinishAsync(GrainId.Parse(entity), FetchBound);
            isShown = await HasAsync(entity, generation);
        }

        return isShown;
    }

    private async Task<bool?> HasAsync(string entity, long generation) =>
        await PeekAsync(entity) is { } record ? Residence.Of(record) is { } residence && residence.Generation >= generation : null;

    /// <summary>The pins of this shard's keys, as this region shows them.</summary>
    public async Task<PinWire[]> ReadPinsAsync(string? after, int count)
    {
        var shard = (Shard?)Home ?? Replica ?? throw new ShardClosedException(_id, "it is changing its role");
        return
        [
            .. (await PinRecords.ReadAsync(shard, _runner.Stopping)).Where(pin => after is null || string.CompareOrdinal(pin.Entity, after) > 0)
                .Take(count).Select(static pin => new PinWire(pin.Entity, pin.Pin.Shard.Name, pin.Pin.Generation, pin.Pin.IsFollowing)),
        ];
    }

    /// <summary>The record as this region shows it; null: it cannot be had now.</summary>
    private async Task<EntityRecord?> PeekAsync(string entity)
    {
        try
        {
            return ((Shard?)Replica ?? Home) is { } shard ? await shard.PeekAsync(entity) : null;
        }
        catch (Exception exception) when (Shard.IsNotNow(exception))
        {
            return null;
        }
    }

    private HomeMoves? MovesHere => Home is { IsHandingOver: false, IsOpen: true } home ? new(home, _silo.Failover.HandOverGrace) : null;

    private bool Passed(MoveStep step, MoveWire move, MoveVerdict verdict)
    {
        if (verdict == MoveVerdict.Done)
        {
            _silo.Steps.Pass(step, move.Entity);
        }

        return verdict == MoveVerdict.Done;
    }
}
