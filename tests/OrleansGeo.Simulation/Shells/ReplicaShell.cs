using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replicas;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Seats;
using OrleansGeo.Simulation.Stores;

namespace OrleansGeo.Simulation.Shells;

/// <summary>A shard in a region that is not its home, or may not act as home: the product's <see cref="ReplicaRun"/> on a disk that is not real. Reads are in the other part.</summary>
internal sealed partial class ReplicaShell(SimWorld world, SimRegion region, int shard, SeatShell seat, TimeSpan? freshAt) : ShardShell(world, region, shard), ISeatReplica
{
    private readonly Queue<Action> _inbox = new();
    private bool _isBusy = true;
    private bool _tidies;
    private ReplicaRun? _run;

    public ReplicaLog? Log => _run?.Log;

    public long VerifiedEpoch => Log?.VerifiedEpoch ?? 0;

    /// <param name="committed">Up to here this region acknowledged the log itself.</param>
    /// <param name="done">It is open.</param>
    /// <param name="failed">It is not, and this one never will be.</param>
    public void Open(LogPosition committed, Action done, Action failed) => Read(read =>
    {
        var config = new ReplicaRunConfig
        {
            IsRow = World.IsRow(Shard),
            CheckpointEntries = 0,
            CheckpointInterval = TimeSpan.Zero,
            Rules = new() { BoundsCheckpoint = Fault != SimFault.CheckpointPastStable },
        };
        _run = new(config, read, committed, freshAt, () => Region.Standing is { IsProven: true }, Region.Now);
        _claimed = freshAt;
        done();
    }, failed);

    public void Opened()
    {
        Region.Prober?.Tell(Shard, this);
        Next();
    }

    public void Receive(AppendMessage message, Action<AppendReply> reply) => Enqueue(() =>
    {
        if (Fault == SimFault.ApplyUnverified)
        {
            ApplyUnverified(message.Commit);
        }

        Do(_run!.Take(message), end =>
        {
            var said = ((ReplicaEffect.Answered)end).Reply;
            reply(Fault == SimFault.CopyingReplicaCounts && said.Verdict == AppendVerdict.Copying ? said with { Verdict = AppendVerdict.Stored, At = message.Through } : said);
        });
    });

    public void Receive(CopyMessage message, Action<bool> reply) => Enqueue(() => Do(_run!.Take(message), end => reply(((ReplicaEffect.Accepted)end).IsTaken)));

    public override void Tick()
    {
        if (!_tidies && World.Chance.Percent(30))
        {
            _tidies = true;
            Enqueue(() =>
            {
                _tidies = false;
                Do(_run!.Tidy(Region.Now), static _ => { });
            });
        }
    }

    private void Enqueue(Action turn)
    {
        _inbox.Enqueue(turn);
        if (!_isBusy)
        {
            Next();
        }
    }

    private void Next()
    {
        _isBusy = false;
        if (IsAlive && _inbox.TryDequeue(out var turn))
        {
            _isBusy = true;
            turn();
        }
    }

    /// <summary>Goes on with a turn until it is over.</summary>
    private void Do(ReplicaEffect effect, Action<ReplicaEffect> end)
    {
        Noted();
        switch (effect)
        {
            case { IsEnd: true }:
                end(effect);
                seat.LogMoved();
                Next();
                break;
            case ReplicaEffect.Read:
                Read(read => Done(read, end), Failed);
                break;
            case ReplicaEffect.Append append:
                Step($"append {append.Token} after {append.Previous}", end, () =>
                {
                    var (verdict, head) = Region.Store.Append(Shard, isHome: false, append.Token, append.Previous, append.PreviousEpoch, append.Rows);
                    return new ReplicaStored(verdict, head);
                });
                break;
            case ReplicaEffect.Cut cut:
                Step($"cut after {cut.KeepThrough}", end, () => Region.Store.Cut(Shard, cut.Token, cut.KeepThrough, cut.ForeignEpoch));
                break;
            case ReplicaEffect.BeginCopy begin:
                Step("copy begin", end, () => StoreCopies.Begin(World, Region.Index, Shard, new(begin.Token, begin.Copy, 0, [], [], begin.Start, null)));
                break;
            case ReplicaEffect.AddToCopy add:
                Step("copy page", end, () => StoreCopies.Add(World, Region.Index, Shard, new(add.Token, add.Copy, 1, add.Entities, add.Records, null, null)));
                break;
            case ReplicaEffect.FinishCopy last:
                Step("copy end", end, () => StoreCopies.Finish(World, Region.Index, Shard, new(last.Token, last.Copy, 1, [], [], null, last.Finish), last.Finish));
                break;
            case ReplicaEffect.Checkpoint checkpoint:
                Step($"checkpoint {checkpoint.Through}", end, () => Region.Store.Checkpoint(Shard, checkpoint.Token, checkpoint.Through, checkpoint.Changes));
                break;
            case ReplicaEffect.Trim trim:
                Step($"trim {trim.Through}", end, () => Region.Store.Trim(Shard, trim.Token, trim.Through).Head);
                break;
        }
    }

    private void Step(string what, Action<ReplicaEffect> end, Func<object?> step) => Store(what, writes: true, step, outcome => Done(outcome, end), Failed);

    private void Done(object? outcome, Action<ReplicaEffect> end) => Do(_run!.Done(outcome), end);

    private void Failed()
    {
        _run!.Failed();
        Next();
    }

    private void Read(Action<ReplicaRead> done, Action failed)
    {
        Store("read replica", writes: false, () => Region.Store.Read(Shard, aboveCheckpointOnly: true), Known, failed);

        void Known((ShardHead Head, System.Collections.Immutable.ImmutableArray<LogRow> Rows) read)
        {
            World.Checks.Logs.Reread(Region.Index, Shard);
            done(new(read.Head, read.Rows));
        }
    }

    private void ApplyUnverified(LogPosition commit)
    {
        foreach (var row in Region.Store[Shard].Rows.Where(row => row.First > Log!.Applied && row.Last <= commit))
        {
            foreach (var entry in LogRowCodec.Decode(row))
            {
                Log!.Records.Apply(entry);
            }
        }
    }
}
