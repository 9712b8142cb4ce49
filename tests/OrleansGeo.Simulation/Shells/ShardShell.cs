using System.Runtime.CompilerServices;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Records;

namespace OrleansGeo.Simulation.Shells;

/// <summary>What stands around a shard's log in one region: it carries out effects and brings back their results.</summary>
internal abstract class ShardShell(SimWorld world, SimRegion region, int shard) : ITraced
{
    protected SimWorld World => world;

    protected SimRegion Region => region;

    protected int Shard => shard;

    protected SimFault Fault => world.Config.Fault;

    public bool IsTracing => world.IsTracing;

    public int Index => shard;

    public bool IsAlive { get; private set; } = true;

    /// <summary>The region has another activation of this shard by now.</summary>
    public bool IsFor(int other) => shard == other;

    public virtual bool IsCurrent => region.Shells[shard] == this;

    protected string Name => $"{world.NameOf(region.Index)} shard {shard}";

    /// <summary>The records that can be read here now; null when none can.</summary>
    public virtual ShardRecords? Readable => null;

    /// <summary>Which epoch wrote which part of the log.</summary>
    public virtual EpochTable Epochs => EpochTable.Empty;

    /// <summary>What of it is known to be the home's.</summary>
    public virtual EpochTable Settled => Epochs;

    /// <summary>Up to where the log is shown here.</summary>
    public virtual RecordVersion ShownVersion => RecordVersion.None;

    /// <summary>A reader has done with a record that it held.</summary>
    public abstract void LetGo(LiveRecord live);

    public virtual void Stop() => IsAlive = false;

    public abstract void Tick();

    /// <summary>Calls the store and comes back, unless this activation ended meanwhile.</summary>
    protected void Store<T>([InterpolatedStringHandlerArgument("")] TraceText what, bool writes, Func<T> effect, Action<T> done, Action failed) =>
        Store(what.Text, writes, effect, done, failed);

    protected void Store<T>(string what, bool writes, Func<T> effect, Action<T> done, Action failed) =>
        region.Store.Queue.Submit(() => IsAlive, $"shard {shard} {what}", writes, effect, done, failed);

    protected void After(long microseconds, Action action) => world.Events.After(microseconds, () => region.Run(() =>
    {
        if (IsAlive)
        {
            action();
        }
    }));

    /// <summary>Brings an entity's record into memory, however long the store takes.</summary>
    public void Load(LiveRecord live, Action<LiveRecord> done, Action failed)
    {
        if (live.Current is not null)
        {
            done(live);
            return;
        }

        Store($"read {live.Entity}", writes: false, () => region.Store.ReadRecord(shard, live.Entity), stored =>
        {
            ShardRecords.Loaded(live, stored);
            done(live);
        }, failed);
    }

    protected static string Text(LogPosition position) => position.ToString();
}
