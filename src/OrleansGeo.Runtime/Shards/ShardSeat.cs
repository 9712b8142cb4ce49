using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Runtime.Errors;
using OrleansGeo.Runtime.Links;

namespace OrleansGeo.Runtime.Shards;

/// <summary>What is asked of a shard's place in this region. Which role it has there is decided by the <see cref="Protocol.Seats.Seat"/> that <see cref="SeatRunner"/> runs.</summary>
internal sealed partial class ShardSeat
{
    private readonly ShardId _id;
    private readonly int _index;
    private readonly ShardSeats _silo;
    private readonly SeatRunner _runner;

    /// <param name="id">The shard.</param>
    /// <param name="index">Its index in the world's map.</param>
    /// <param name="silo">What the shards of this silo share.</param>
    /// <param name="abandon">Gives this activation up: another one may have taken its place.</param>
    public ShardSeat(ShardId id, int index, ShardSeats silo, Action abandon)
    {
        (_id, _index, _silo) = (id, index, silo);
        _runner = new(id, index, silo, abandon);
    }

    private HomeShard? Home => _runner.Home;

    private ReplicaShard? Replica => _runner.Replica;

    /// <summary>The first role is taken when this completes: at once if it is a replica's, otherwise as soon as local reads can be served.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => _runner.StartAsync(cancellationToken);

    public Task StopAsync(string reason) => _runner.StopAsync(reason);

    /// <summary>The home's rows, if this is a replica. A newer home's message ends an older home here.</summary>
    public async Task<AppendReply> AppendAsync(AppendMessage message)
    {
        if (_runner.Fences(message.Token) && Home is { } home)
        {
            var (last, lastEpoch) = home.End;
            return new(AppendVerdict.Fenced, last, lastEpoch, last, lastEpoch, home.Home.Token);
        }

        // A home that steps back is a replica in a moment, and the new home's first row is better kept waiting than sent again.
        if (Replica is null)
        {
            await _runner.UntilAsync(() => Replica is not null, _runner.Config.Patience);
        }

        var replica = Replica ?? throw new ShardClosedException(_id, "it is changing its role");
        _silo.Topology.Hear(_index, new(message.Token.Region, message.Token.Epoch));
        var reply = await replica.AppendAsync(message);
        if (reply.Verdict is AppendVerdict.Stored or AppendVerdict.Unreadable)
        {
            _runner.Unreadable.Refused(reply.Problem);
        }

        _runner.LogMoved();
        return reply;
    }

    public Task<bool> CopyAsync(CopyMessage message) =>
        Home is null && Replica is { } replica ? replica.CopyAsync(message) : throw new ShardClosedException(_id, "it is not a replica here");

    /// <summary>A replica opened: tell it where the log stands.</summary>
    public void Follow(string region) => _runner.Restart(region);

    /// <summary>The old home hands the shard over. Completes with true once this region is home whatever ends.</summary>
    public async Task<bool> TakeOverAsync(HandOverToken token, long version)
    {
        _silo.Control.CatchUp(version);

        // For a region that the sender cannot reach itself, it is passed on.
        return token.Token.Region == _silo.Self ? await _runner.TakeOverAsync(token, _runner.Config.TokenBound)
            : _silo.Links.TryGetChannel(token.Token.Region, out var channel)
                && await channel.Grains.GetGrain<IShardGrain>(_id.Name).TakeOver(HandOverTokenWire.From(token, version));
    }
}
