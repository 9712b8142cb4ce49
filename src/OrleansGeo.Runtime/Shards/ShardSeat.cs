using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Replication;
using OrleansGeo.Runtime.Storage;

namespace OrleansGeo.Runtime.Shards;

/// <summary>
/// A shard's place in this region: is it home here or a replica? Follows the topology and the lease, and makes one change at a time. Becoming
/// home is in <c>ShardSeat.Promotion.cs</c>, giving the home away in <c>ShardSeat.HandOver.cs</c>.
/// </summary>
/// <remarks>
/// While the home is being opened, the replica goes on serving local reads; requests for the home wait at the gate. A change of role is
/// always made from what the store holds, never from what was in memory before.
/// </remarks>
internal sealed partial class ShardSeat
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RetryUnreadable = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Forever = Timeout.InfiniteTimeSpan;

    private readonly ShardId _id;
    private readonly int _index;
    private readonly ShardSeats _silo;
    private readonly Action _abandon;
    private readonly UnreadableRows _unreadable;
    private readonly Signal _news = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Replicator> _replicators = [];
    private Task _loop = Task.CompletedTask;
    private volatile ReplicaShard? _replica;
    private volatile HomeShard? _home;
    private long _generation;
    private TimeSpan _retry = Forever;
    private RegionId _announcedTo;

    /// <param name="id">The shard.</param>
    /// <param name="index">Its index in the world's map.</param>
    /// <param name="silo">What the shards of this silo share.</param>
    /// <param name="abandon">Gives this activation up: another one may have taken its place.</param>
    public ShardSeat(ShardId id, int index, ShardSeats silo, Action abandon)
    {
        (_id, _index, _silo, _abandon) = (id, index, silo, abandon);
        _unreadable = new(silo.Logger, silo.Self, id);
    }

    /// <summary>The lease generation under which this silo may act now; of a row shard, which needs no lease, 1 once the store is known to be whole. 0: it may not.</summary>
    private long Generation => IsRow ? (_silo.Authority.IsTrusted ? 1 : 0) : _silo.Authority.Generation;

    private bool IsRow => _silo.Topology.Value.Map.IsRow(_index);

    /// <summary>The first role is taken when this completes: at once if it is a replica's, otherwise as soon as local reads can be served.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var head = await _silo.Store.ReadHeadAsync(_id, cancellationToken);
        await OpenReplicaAsync(LogPosition.Zero, null, cancellationToken);
        if (IsHomeNow(head, out var assignment, out var generation))
        {
            // Nearly always: a home that starts again, whose log is whole. Its callers need not find a replica first.
            try
            {
                await OpenHomeAsync(assignment, isHanded: false, generation);
            }
            catch (FormatException exception)
            {
                // It is a replica until it can.
                _unreadable.NotHome(exception.Message);
            }
        }

        _silo.Authority.Changed += _news.Set;
        _loop = Task.Run(RunAsync, CancellationToken.None);
        _news.Set();
    }

    public async Task StopAsync(string reason)
    {
        _silo.Authority.Changed -= _news.Set;
        await _stopping.CancelAsync();
        await _loop;
        if (_home is { IsOpen: true, IsHandingOver: false, MayAct: true } home)
        {
            // It goes on elsewhere in this region, or in another: what is only in memory here would not.
            await home.LeavesAsync(_silo.Failover.DrainGrace, CancellationToken.None);
        }

        await CloseHomeAsync(reason);
        CloseReplica(reason);
    }

    /// <summary>The home's rows, if this is a replica. A newer home's message ends an older home here.</summary>
    public async Task<AppendReply> AppendAsync(AppendMessage message)
    {
        if (_home is { } home)
        {
            if (message.Token.Epoch <= home.Home.Epoch)
            {
                var (last, lastEpoch) = home.End;
                return new(AppendVerdict.Fenced, last, lastEpoch, last, lastEpoch, home.Home.Token);
            }

            home.Close($"a newer home, {message.Token}, sends its log");
            _news.Set();
        }

        var replica = await WhenReplicaAsync() ?? throw new ShardClosedException(_id, "it is changing its role");
        _silo.Topology.Hear(_index, new(message.Token.Region, message.Token.Epoch));
        var reply = await replica.AppendAsync(message);
        if (reply.Verdict is AppendVerdict.Stored or AppendVerdict.Unreadable)
        {
            _unreadable.Refused(reply.Problem);
        }

        return reply;
    }

    /// <summary>A home that steps back is a replica in a moment, and the new home's first row is better kept waiting than sent again.</summary>
    private async Task<ReplicaShard?> WhenReplicaAsync()
    {
        var since = _silo.Time.GetTimestamp();
        while (_replica is null && !_stopping.IsCancellationRequested && _silo.Time.GetElapsedTime(since) < Patience)
        {
            await Task.Delay(LookAgain, _silo.Time);
        }

        return _replica;
    }

    public Task<bool> CopyAsync(CopyMessage message) =>
        _home is null && _replica is { } replica ? replica.CopyAsync(message) : throw new ShardClosedException(_id, "it is not a replica here");

    /// <summary>A replica opened: tell it where the log stands.</summary>
    public void Follow(string region)
    {
        foreach (var replicator in _replicators.ToArray())
        {
            if (replicator.Peer.Name == region)
            {
                replicator.Restart();
            }
        }
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await _news.WaitAsync(_retry, _stopping.Token);
                _retry = Forever;
                await SettleAsync();
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (FormatException exception)
            {
                // That does not pass in a moment.
                _unreadable.NotHome(exception.Message);
                _retry = RetryUnreadable;
            }
            catch (Exception exception)
            {
                LogFailed(_silo.Logger, exception, _id, exception.Message);
                _retry = RetryAfter;
            }
        }
    }

    /// <summary>Takes the role that the topology, the lease and the store say.</summary>
    private async Task SettleAsync()
    {
        if (_home is { MayAct: false } ended)
        {
            // Before the store is asked, which may take long.
            ended.Close("its region's lease ended");
        }

        var head = await _silo.Store.ReadHeadAsync(_id, _stopping.Token);
        if (_home is { IsOpen: false } closed)
        {
            await HandleClosedAsync(closed);
        }

        var generation = Generation;
        var topology = _silo.Topology.Decided;
        switch (ShardRole.Of(topology, _index, _silo.Self, head))
        {
            case ShardRole.Home { Assignment: var assignment } role when generation > 0:
                if (_home is not { } home || home.Home != assignment || _generation != generation)
                {
                    await BecomeHomeAsync(assignment, role.IsRecovered, isHanded: false, generation);
                }
                else if (_replica is null || await PublishAsync(home))
                {
                    await ServeAsync(home, topology[_index]);
                }

                break;
            case ShardRole.HandedOver role:
                await GiveAwayAsync(role);
                break;
            case ShardRole.GivenAway role:
                await BecomeReplicaAsync(role.To, $"it was promised to {head.Promised}");
                _retry = RetryAfter;
                await _silo.Control.ChangeAsync(
                    topology[_index].ReservedToken is { } reserved
                        ? TopologyChangeWire.Withdraw(_index, role.Assignment, reserved)
                        : TopologyChangeWire.Reallot(_index, role.Assignment, role.To),
                    _stopping.Token);
                break;
            case ShardRole.Replica when generation > 0 && TokenFor(topology[_index]) is { } token && IsOnItsWay(token, head):
                await BecomeReplicaAsync(topology.HomeOf(_index).Region, "its last rows are on their way");
                _retry = LookAgain;
                break;
            case ShardRole.Replica when generation > 0 && TokenFor(topology[_index]) is { } token:
                await BecomeHomeAsync(new(_silo.Self, token.Token.Epoch), token.Matches(head), token.Matches(head), generation);
                break;
            case ShardRole.Replica { Assignment: var assignment }:
                await BecomeReplicaAsync(assignment.Region, $"its home is {assignment.Token}");
                ClaimIfAlone(topology[_index]);
                break;
            default:
                await BecomeReplicaAsync(_silo.Self, "this region holds no lease");
                break;
        }
    }

    private bool IsHomeNow(ShardHead head, out HomeAssignment assignment, out long generation)
    {
        generation = Generation;
        assignment = default;
        if (generation == 0 || ShardRole.Of(_silo.Topology.Decided, _index, _silo.Self, head) is not ShardRole.Home { IsRecovered: true } role)
        {
            return false;
        }

        assignment = role.Assignment;
        return true;
    }

    /// <summary>The home closed by itself: why decides what follows.</summary>
    private async Task HandleClosedAsync(HomeShard closed)
    {
        await StepBackAsync("it closed");
        if (closed.WentBack && IsRow)
        {
            // What it wrote is with others: a new epoch, under which its log is made whole.
            await _silo.Store.PromiseAsync(_id, new(_silo.Self, closed.Home.Epoch + 1), _stopping.Token);
            _news.Set();
        }
        else if (closed.WentBack)
        {
            await _silo.Control.ChangeAsync(TopologyChangeWire.Reallot(_index, closed.Home, _silo.Self), _stopping.Token);
        }
        else if (Generation == _generation && (IsRow || _silo.Topology.Value.HomeOf(_index) == closed.Home))
        {
            // Neither lease nor epoch: the store, or another activation of this shard. The cluster's directory knows which one counts.
            _abandon();
        }
    }

    private async Task BecomeReplicaAsync(RegionId home, string reason)
    {
        await StepBackAsync(reason);
        Announce(home);
    }

    /// <summary>Not home, for now at least: a replica that goes on showing what was acknowledged here.</summary>
    private async Task StepBackAsync(string reason)
    {
        if (_home is { } was)
        {
            // What it acknowledged until its lease ended, or until it promised the shard to another, is all that anybody had acknowledged by then.
            // Unless it opened with more than it had acknowledged again: then what is shown here is less than that.
            var freshAt = was.Acknowledged < was.AcknowledgedAtMost ? null
                : was.IsHandingOver ? _promisedAt
                : IsRow ? null
                : _silo.Authority.ActedUntilUnder(_generation);
            await CloseHomeAsync(reason);
            var committed = was.Acknowledged;
            await OpenReplicaAsync(committed, freshAt, _stopping.Token);
        }
        else if (_replica is not { IsOpen: true })
        {
            await OpenReplicaAsync(LogPosition.Zero, null, _stopping.Token);
        }
    }

    /// <param name="committed">Up to here this region acknowledged the log as home.</param>
    /// <param name="freshAt">Until when, by the lease clock, nobody else can have acknowledged more; null: not known.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    private async Task OpenReplicaAsync(LogPosition committed, TimeSpan? freshAt, CancellationToken cancellationToken)
    {
        CloseReplica("it is opened again");
        var home = _silo.Topology.Value.HomeOf(_index);
        var replica = await ReplicaShard.OpenAsync(_id, home, _silo.Store, IsRow, committed, freshAt, _silo.Limits, _silo.Clock, _silo.Time, cancellationToken);
        _unreadable.Refused(replica.Unreadable);
        _replica = replica;
        _announcedTo = default;
        _silo.Locals.Add(_index, replica);
    }

    private void CloseReplica(string reason)
    {
        if (_replica is { } replica)
        {
            _replica = null;
            _silo.Locals.Remove(_index, replica);
            replica.Close(reason);
        }
    }

    private async Task CloseHomeAsync(string reason)
    {
        if (_home is { } home)
        {
            _home = null;
            _silo.Locals.Remove(_index, home);
            await home.CloseAsync(reason);
            await Task.WhenAll(_replicators.Select(static replicator => replicator.Completion));
            _replicators.Clear();
        }
    }

    /// <summary>The home may have nothing to send, and so not know that this replica must learn where it stands.</summary>
    private void Announce(RegionId home)
    {
        if (home != _announcedTo && _silo.Links.TryGetChannel(home, out var channel))
        {
            _announcedTo = home;
            channel.Grains.GetGrain<IShardGrain>(_id.Name).Follow(_silo.Self.Name).AsTask().Ignore();
        }
    }
}
