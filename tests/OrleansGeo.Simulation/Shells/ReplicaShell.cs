using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Replicas;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Seats;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Simulation.Shells;

/// <summary>A shard in a region that is not its home, or may not act as home: takes one message at a time.</summary>
internal sealed partial class ReplicaShell(SimWorld world, SimRegion region, int shard, SeatShell seat, TimeSpan? freshAt) : ShardShell(world, region, shard), ISeatReplica
{
    private readonly Queue<Action> _inbox = new();
    private bool _busy = true;
    private bool _checkpointing;
    private Guid _copy;
    private int _nextPage;

    public ReplicaLog? Log { get; private set; }

    public long VerifiedEpoch => Log?.VerifiedEpoch ?? 0;

    /// <param name="committed">Up to here this region acknowledged the log itself.</param>
    /// <param name="done">It is open.</param>
    /// <param name="failed">It is not, and this one never will be.</param>
    public void Open(LogPosition committed, Action done, Action failed) => Read(committed, done, failed);

    public void Opened()
    {
        Region.Prober?.Tell(Shard, this);
        Next();
    }

    public void Receive(AppendMessage message, Action<AppendReply> reply) => Enqueue(() => Take(message, reply));

    public void Receive(CopyMessage message, Action<bool> reply) => Enqueue(() => Take(message, reply));

    public override void Tick()
    {
        if (Log is not { } log)
        {
            return;
        }

        if (_checkpointing)
        {
            return;
        }

        var target = World.Config.Fault == SimFault.CheckpointPastStable ? log.Applied : log.CheckpointTarget;
        if (World.Chance.Percent(30) && target > log.Head.Checkpoint)
        {
            _checkpointing = true;
            var changes = log.ChangesThrough(target);
            Store($"checkpoint {target}", writes: true, () => Region.Store.Checkpoint(Shard, log.Head.Promised, target, changes), head =>
            {
                _checkpointing = false;
                log.Checkpointed(head, changes.Keys);
            }, () => _checkpointing = false);
        }

        if (World.Chance.Percent(30) && log.TrimTarget is var trim && trim > log.Head.Trimmed)
        {
            Store($"trim {trim}", writes: true, () => Region.Store.Trim(Shard, log.Head.Promised, trim), result => log.Trimmed(result.Head), static () => { });
        }
    }

    private void Enqueue(Action message)
    {
        _inbox.Enqueue(message);
        if (!_busy)
        {
            Next();
        }
    }

    private void Next()
    {
        _busy = false;
        if (IsAlive && _inbox.TryDequeue(out var message))
        {
            _busy = true;
            message();
        }
    }

    /// <summary>Whatever was in memory is in doubt: start from what is stored.</summary>
    /// <param name="then">What is done next.</param>
    /// <param name="cutAfter">What was shown above this position is gone.</param>
    private void Reopen(Action then, LogPosition? cutAfter = null)
    {
        StopReading();
        _shown = cutAfter is { } kept ? LogPosition.Min(_shown, kept) : _shown;
        Read(LogPosition.Zero, then, () => After(5_000, () => Reopen(then, cutAfter)));
    }

    private void Read(LogPosition committed, Action done, Action failed) =>
        Store("open replica", writes: false, () => Region.Store.Read(Shard, aboveCheckpointOnly: true), read =>
        {
            // Whatever the owner of a row stored is final.
            Log = new(read.Head, read.Rows, World.IsRow(Shard) ? new(long.MaxValue) : committed);
            NoteFreshness();
            done();
        }, failed);

    private void Take(AppendMessage message, Action<AppendReply> reply)
    {
        if (Log is not { } log)
        {
            Next();
            return;
        }

        if (World.Config.Fault == SimFault.ApplyUnverified)
        {
            ApplyUnverified(log, message.Commit);
        }

        switch (log.Receive(message))
        {
            case ReplicaStep.Answer answer:
                reply(World.Config.Fault == SimFault.CopyingReplicaCounts && answer.Reply.Verdict == AppendVerdict.Copying
                    ? answer.Reply with { Verdict = AppendVerdict.Stored, At = message.Through }
                    : answer.Reply);
                NoteFreshness();
                Next();
                break;
            case ReplicaStep.Store { Message: var readable } toStore:
                Store(
                    $"append {message.Token} after {message.Previous} through {readable.Through}",
                    writes: true,
                    () => Region.Store.Append(Shard, isHome: false, message.Token, message.Previous, message.PreviousEpoch, readable.Rows),
                    result =>
                    {
                        reply(log.Stored(toStore, result.Verdict, result.Head));
                        NoteFreshness();
                        seat.LogMoved();
                        if (result.Verdict is AppendVerdict.Stored or AppendVerdict.Fenced)
                        {
                            Next();
                        }
                        else
                        {
                            // Another activation changed the store.
                            Reopen(Next);
                        }
                    },
                    () => Reopen(Next));
                break;
            case ReplicaStep.Cut cut:
                Store($"cut after {cut.KeepThrough}", writes: true, () => Region.Store.Cut(Shard, message.Token, cut.KeepThrough, cut.ForeignEpoch), _ => Reopen(() => Take(message, reply), cut.KeepThrough), () => Reopen(Next));
                break;
        }
    }

    private void Take(CopyMessage message, Action<bool> reply)
    {
        if (message.Page == 0)
        {
            _copy = default;
            StopReading();
            Store("copy begin", writes: true, () => Stores.StoreCopies.Begin(World, Region.Index, Shard, message), head =>
            {
                var accepted = head.Promised == message.Token && head.Copying;
                _copy = accepted ? message.Copy : default;
                _nextPage = 1;
                reply(accepted);
                Reopen(Next);
            }, () => Reopen(Next));
        }
        else if (message.Copy != _copy || message.Page != _nextPage)
        {
            reply(false);
            Next();
        }
        else
        {
            _nextPage++;
            Store("copy page", writes: true, () => Page(message), head =>
            {
                reply(head.Promised == message.Token);
                if (message.Finish is null)
                {
                    Next();
                }
                else
                {
                    _copy = default;
                    Reopen(Next);
                }
            }, () =>
            {
                _copy = default;
                Reopen(Next);
            });
        }
    }

    private ShardHead Page(CopyMessage message)
    {
        var head = Stores.StoreCopies.Add(World, Region.Index, Shard, message);
        return message.Finish is { } finish ? Stores.StoreCopies.Finish(World, Region.Index, Shard, message, finish) : head;
    }

    private void ApplyUnverified(ReplicaLog log, LogPosition commit)
    {
        foreach (var row in Region.Store[Shard].Rows.Where(row => row.First > log.Applied && row.Last <= commit))
        {
            foreach (var entry in LogRowCodec.Decode(row))
            {
                log.Records.Apply(entry);
            }
        }
    }
}
