using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using static OrleansGeo.Tests.Protocol.Entries;

namespace OrleansGeo.Tests.Protocol.Homes;

/// <summary>A home whose store, replicas and lease a test plays.</summary>
internal sealed class RunBench
{
    private ulong _request;

    public RunBench(ShardFamily family = ShardFamily.Region, long epoch = 1, int replicas = 2, LogRow[]? rows = null, HomeRunConfig? config = null, bool mayAct = true)
    {
        (Token, MayAct) = (Entries.Token("r0", epoch), mayAct);
        Head = Head(Token, [.. rows ?? []]);
        Run = new(config ?? new(), new(Config(Token, family, replicas), Head, rows ?? [], Now), () => MayAct, Now);
    }

    public FencingToken Token { get; }

    public HomeRun Run { get; }

    public bool MayAct { get; set; }

    public TimeSpan Now { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Of the store.</summary>
    public ShardHead Head { get; private set; }

    public StageResult Stage(string entity = "e")
    {
        var live = Run.Log.Records.Hold(entity);
        ShardRecords.Loaded(live, EntityRecord.Empty);
        return Run.Stage(new(live, live.Current!.Version, new(0, ++_request), 0, [new("a", new byte[1])], default));
    }

    /// <summary>Stages a request, whose row goes to the store.</summary>
    public HomeAppend Append()
    {
        Assert.Equal(StageVerdict.Staged, Stage().Verdict);
        return Assert.IsType<HomeAppend>(Run.NextAppend());
    }

    public TimeSpan? Store(HomeAppend append)
    {
        Head = AppendFence.Advance(Head, Token, [append.Row], 0);
        return Run.Appended(append, new HomeAppended.Answered(AppendVerdict.Stored, Head), Now);
    }

    public TimeSpan? Fail(HomeAppend append) => Run.Appended(append, new HomeAppended.Failed("it is full"), Now);

    /// <summary>A replica takes all that it is sent, once.</summary>
    public ReplyEffect Take(int replica)
    {
        var send = Assert.IsType<Shipment.Send>(Run.NextShipment(replica));
        var through = send.Message.Through;
        var epoch = Run.Log.Head.Epochs.EpochAt(through);
        return Run.Replied(replica, send, new(AppendVerdict.Stored, through, epoch, through, epoch, Token));
    }

    public ReplyEffect Reply(int replica, AppendReply reply) => Run.Replied(replica, Assert.IsType<Shipment.Send>(Run.NextShipment(replica)), reply);
}
