using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replicas;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Topology;
using static OrleansGeo.Tests.Protocol.Entries;

namespace OrleansGeo.Tests.Protocol.Replicas;

/// <summary>A replica whose store a test plays.</summary>
internal sealed class ReplicaBench
{
    private ImmutableArray<LogRow> _rows;

    public ReplicaBench(LogRow[]? rows = null, ReplicaRunConfig? config = null, long committed = 0, FencingToken? token = null)
    {
        _rows = [.. rows ?? []];
        Head = Head(token ?? Token("r1", 1), _rows);
        Run = new(config ?? new(), new(Head, _rows), At(committed), null, () => MayShow, Now);
    }

    public ReplicaRun Run { get; }

    public bool MayShow { get; set; } = true;

    public TimeSpan Now { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Of the store.</summary>
    public ShardHead Head { get; set; }

    public static AppendMessage Message(FencingToken token, long previous, long previousEpoch, LogRow[] rows, long commit = 0, long stable = 0, long trimmed = 0) =>
        new(token, At(previous), previousEpoch, [.. rows], At(commit), At(stable), At(trimmed));

    /// <summary>The store cuts its log.</summary>
    public void Cut(long keepThrough)
    {
        _rows = _rows.RemoveAll(row => row.Last > At(keepThrough));
        Head = Head with { Last = At(keepThrough), Epochs = Head.Epochs.Cut(At(keepThrough)) };
    }

    /// <summary>The store takes what an append asks for.</summary>
    public ReplicaEffect Store(ReplicaEffect effect)
    {
        var append = Assert.IsType<ReplicaEffect.Append>(effect);
        var missing = append.Rows.RemoveAll(row => row.Last <= Head.Last);
        _rows = _rows.AddRange(missing);
        Head = AppendFence.Advance(Head, append.Token, missing, 0);
        return Run.Done(new ReplicaStored(AppendVerdict.Stored, Head));
    }

    public ReplicaEffect Read(ReplicaEffect effect)
    {
        Assert.IsType<ReplicaEffect.Read>(effect);
        return Run.Done(new ReplicaRead(Head, Head.Copying ? [] : _rows));
    }

    /// <summary>Takes a message whose rows the store takes.</summary>
    public AppendReply Take(AppendMessage message) => Assert.IsType<ReplicaEffect.Answered>(Store(Run.Take(message))).Reply;

    /// <summary>A copy is begun, and taken by the store.</summary>
    public ReplicaEffect Begin(FencingToken token, Guid copy, long trimmed, params EpochStart[] epochs)
    {
        Assert.IsType<ReplicaEffect.BeginCopy>(Run.Take(Page(token, copy, 0, start: new(At(trimmed), At(trimmed), new([.. epochs])))));
        Head = Head with { Promised = token, Copying = true, Copy = copy, Checkpoint = LogPosition.Zero, Trimmed = LogPosition.Zero };
        _rows = [];
        return Read(Run.Done(Head));
    }

    public static CopyMessage Page(FencingToken token, Guid copy, int page, string[]? entities = null, CopyStart? start = null, CopyFinish? finish = null) =>
        new(token, copy, page, [.. entities ?? []], [.. (entities ?? []).Select(static _ => EntityRecord.Empty)], start, finish);
}
