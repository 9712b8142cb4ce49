using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Sessions;
using OrleansGeo.Simulation.Clients;
using OrleansGeo.Simulation.Shells;

namespace OrleansGeo.Simulation.Moves;

/// <summary>
/// A read in one region, from the shard of the key on: it follows to another shard where that shows that the entity arrived, and until then reads it as it was
/// when it left. Once every record on the way is in memory, it walks and reads at one instant.
/// </summary>
internal sealed class EntityRead(SimWorld world, SimRegion region, SimOperation operation, Action<SimReply> reply)
{
    private const int LongestCatchUp = 60_000;

    private readonly long _since = world.Events.Now;
    private readonly Dictionary<int, (ShardShell Shell, LiveRecord Live)> _held = [];
    private bool _isOver;

    public void Walk()
    {
        var (at, pointer) = (world.ShardOfKey(operation.Entity), default(Residence));
        while (TryGet(at, out var record))
        {
            if (Residence.Of(record) is not { IsHere: false } left)
            {
                Serve(at, null);
                return;
            }

            var next = world.ShardAt(left.Shard);
            if (left != pointer && !CanTell(next))
            {
                return;
            }

            if (left != pointer && IsShown(next, left.Generation))
            {
                at = next;
            }
            else if (world.ShardAt(left.From) == at || world.Config.Fault == SimFault.PointerReadAsLeft)
            {
                Serve(at, next);
                return;
            }
            else if (!CanTell(world.ShardAt(left.From)))
            {
                return;
            }
            else if (IsShown(world.ShardAt(left.From), left.Generation - 1))
            {
                // It was never here in the generation before: that is in the shard that it left.
                (at, pointer) = (world.ShardAt(left.From), left);
            }
            else
            {
                WaitOr(SimAnswer.Behind);
                return;
            }
        }
    }

    private bool IsShown(int shard, long generation) => _held.TryGetValue(shard, out var held)
        && (world.Config.Fault == SimFault.PointerFollowedEarly || (Residence.Of(held.Live.Current!) is { } residence && residence.Generation >= generation));

    /// <summary>The record that a shard of this region shows; false: it is read, and then the walk begins again, or it cannot be had.</summary>
    private bool TryGet(int shard, out EntityRecord record)
    {
        var isTold = CanTell(shard);
        record = _held.TryGetValue(shard, out var held) ? held.Live.Current! : EntityRecord.Empty;
        if (isTold && held.Live is null)
        {
            End(SimAnswer.Refused);
        }

        return isTold && held.Live is not null;
    }

    /// <summary>Whether it is known what a shard of this region shows, be it nothing. If not, that is read, and then the walk begins again.</summary>
    private bool CanTell(int shard)
    {
        if (_held.TryGetValue(shard, out var held) && !held.Live.IsClosed && region.Shells[shard] == held.Shell && held.Shell.Readable is not null)
        {
            return true;
        }

        _held.Remove(shard);
        if (region.Shells[shard] is not { Readable: { } records } shell)
        {
            return true;
        }

        shell.Load(records.Hold(operation.Entity), live =>
        {
            _held[shard] = (shell, live);
            Walk();
        }, () => End(SimAnswer.Refused));
        return false;
    }

    /// <param name="at">The shard that it is read from.</param>
    /// <param name="next">The shard that it went to from there, and is not shown in; null: it is there.</param>
    private void Serve(int at, int? next)
    {
        var (shell, live) = _held[at];
        var record = live.Current!;
        if (next is null && shell is HomeShell home)
        {
            End(null);
            home.Request(operation, new(at, Residence.Of(record)?.Owned ?? 0), reply);
            return;
        }

        var lost = System.Collections.Immutable.ImmutableArray<(int, RecordVersion)>.Empty;
        switch (operation.Session?.Judge(region, at, shell.Epochs, shell.ShownVersion.Position, shell.Settled, record, out lost) ?? FloorVerdict.Satisfied)
        {
            case FloorVerdict.Lost:
                End(SimReply.Lost(lost));
                break;
            case FloorVerdict.NotYet:
                WaitOr(SimAnswer.Behind);
                break;
            default:
                Show(at, next, shell, live);
                break;
        }
    }

    private void Show(int at, int? next, ShardShell shell, LiveRecord live)
    {
        var record = live.Current!;
        var done = MovedRecord.Stamp(world, SimAnswer.Done, at, record.Version, record);
        if (shell is HomeShell home)
        {
            // What is not acknowledged yet is not shown yet.
            home.WhenAcknowledged(record.Version.Position, forMajority: false, null, answer => End(answer == SimAnswer.Done ? done : SimAnswer.Refused));
            return;
        }

        var replica = (ReplicaShell)shell;
        var through = replica.Log!.Applied;
        world.Checks.Visible.SeenAtReplica(region.Index, at, replica.Log, live);
        world.Checks.Entities.Shown(operation.Entity, region.Index, at, through, record);
        world.Checks.Staleness.Claimed(region, at, replica.FreshAt, through);
        world.Checks.EntityReads.Claimed(operation.Entity, region, at, next is { } there ? Min(replica.FreshAt, FreshAt(there)) : replica.FreshAt, through, record);
        world.Checks.Sessions.Served(operation.Audience, region.Index, at, through, operation.Entity, record);
        End(done);
    }

    private TimeSpan? FreshAt(int shard) => region.Shells[shard] switch
    {
        ReplicaShell { Readable: not null } replica => replica.FreshAt,
        HomeShell { WouldServe: true } => region.Now,
        _ => null,
    };

    private static TimeSpan? Min(TimeSpan? one, TimeSpan? other) => one < other ? one : other is null ? null : one is null ? null : other;

    private void WaitOr(SimAnswer answer)
    {
        if (world.Events.Now - _since >= LongestCatchUp)
        {
            End(answer);
            return;
        }

        var run = region.Runs;
        world.Events.After(world.Chance.Between(1_000, 20_000), () => region.Run(() =>
        {
            if (region.IsUp && region.Runs == run)
            {
                Walk();
            }
        }));
    }

    private void End(SimReply? answer)
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        foreach (var (shell, live) in _held.Values)
        {
            shell.LetGo(live);
        }

        if (answer is { } given)
        {
            reply(given);
        }
    }
}
