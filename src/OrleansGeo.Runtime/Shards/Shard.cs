using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Sessions;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Errors;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Shards;

/// <summary>A shard as it acts on this silo: as home or as replica. The activations of its entities, on the same silo, use it directly.</summary>
internal abstract class Shard(ShardId id, HomeAssignment home, IRegionStore store)
{
    private const int PageBytes = 64 * 1024;

    private readonly CancellationTokenSource _closing = new();

    public ShardId Id { get; } = id;

    public HomeAssignment Home { get; } = home;

    public abstract bool IsHome { get; }

    /// <summary>A mark of how fresh what is shown here is now. Take it before the data; it says nothing of what is shown later.</summary>
    public abstract long Freshness { get; }

    /// <summary>Upper bound on the age, now, of data that was taken from here after the mark, in milliseconds; negative when not known.</summary>
    public abstract int StalenessOf(long freshness);

    /// <summary>Upper bound on the age of what can be read here, in milliseconds; negative when not known.</summary>
    public int StalenessMs => StalenessOf(Freshness);

    /// <summary>Judges what is shown here by what a session has seen of this shard.</summary>
    public FloorVerdict Check(RecordVersion floor)
    {
        lock (Lock)
        {
            return Judge(floor);
        }
    }

    /// <summary>Up to where the log is shown here, and the epoch of that entry: what a session is told that has lost what it saw.</summary>
    public RecordVersion ShownVersion
    {
        get
        {
            lock (Lock)
            {
                return new(Epochs.EpochAt(Shown), Shown);
            }
        }
    }

    public bool IsOpen => !_closing.IsCancellationRequested;

    /// <summary>Cancelled when the shard stops acting here.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <summary>Why the shard stopped; null while it acts.</summary>
    protected string? ClosedBecause { get; private set; }

    protected Lock Lock { get; } = new();

    protected IRegionStore Store { get; } = store;

    /// <summary>Begins to use an entity's record, loading it if needed.</summary>
    /// <exception cref="ShardClosedException">The shard stopped acting here.</exception>
    public async ValueTask<LiveRecord> HoldAsync(string entity)
    {
        LiveRecord live;
        lock (Lock)
        {
            ThrowIfClosed();
            ThrowIfUnreadable();
            live = Records.Hold(entity);
            if (live.Current is not null)
            {
                return live;
            }
        }

        try
        {
            var stored = await Store.ReadRecordAsync(Id, entity, Closing);
            lock (Lock)
            {
                ThrowIfClosed();
                ThrowIfUnreadable();
                if (live.IsClosed)
                {
                    throw new ShardClosedException(Id, "it was opened again from its store");
                }

                ShardRecords.Loaded(live, stored);
                return live;
            }
        }
        catch
        {
            Release(live);
            throw;
        }
    }

    /// <summary><see cref="HoldAsync"/>; null when that cannot be done now.</summary>
    public async ValueTask<LiveRecord?> TryHoldAsync(string entity)
    {
        try
        {
            return await HoldAsync(entity);
        }
        catch (Exception exception) when (IsNotNow(exception))
        {
            return null;
        }
    }

    /// <summary>An entity's record as it is here now; at a home with what is not acknowledged yet.</summary>
    /// <exception cref="ShardClosedException">The shard stopped acting here.</exception>
    public async ValueTask<EntityRecord> PeekAsync(string entity)
    {
        var live = await HoldAsync(entity);
        try
        {
            return live.Current!;
        }
        finally
        {
            Release(live);
        }
    }

    /// <summary>The shard closed, or its store does not answer: a failure of now, not a bug.</summary>
    public static bool IsNotNow(Exception exception) => exception is ShardClosedException or OperationCanceledException or RegionStoreException;

    /// <summary>The records of the entities whose names begin so, each as it was when this was called or newer. By pages, without holding anybody up.</summary>
    /// <exception cref="ShardClosedException">The shard stopped acting here.</exception>
    public async Task<IReadOnlyDictionary<string, EntityRecord>> ReadAsync(string prefix, CancellationToken cancellationToken)
    {
        Dictionary<string, EntityRecord> records;
        lock (Lock)
        {
            ThrowIfClosed();
            ThrowIfUnreadable();
            records = Records.ChangesOf(prefix);
        }

        for (var after = prefix; ;)
        {
            // Whatever was written to the store since the lock was released is newer: merging takes the newer version of each state.
            var page = await Store.ReadRecordsAsync(Id, after, PageBytes, cancellationToken);
            foreach (var (entity, record) in page)
            {
                if (!entity.StartsWith(prefix, StringComparison.Ordinal))
                {
                    return records;
                }

                records[entity] = records.TryGetValue(entity, out var changes) ? changes.Over(record) : record;
                after = entity;
            }

            if (page.IsEmpty)
            {
                return records;
            }
        }
    }

    public void Release(LiveRecord live)
    {
        lock (Lock)
        {
            if (!live.IsClosed)
            {
                Records.Release(live, Checkpoint);
            }
        }
    }

    /// <summary>Checkpoint, trim, eviction: called now and then, never concurrently.</summary>
    public abstract Task MaintainAsync(CancellationToken cancellationToken);

    /// <summary>Stops acting: every holder loads again elsewhere, every waiter is told that the outcome is open.</summary>
    public virtual void Close(string reason)
    {
        lock (Lock)
        {
            if (ClosedBecause is not null)
            {
                return;
            }

            ClosedBecause = reason;
            Records.Close();
            OnClosing(new ShardClosedException(Id, reason));
        }

        _closing.Cancel();
    }

    protected abstract ShardRecords Records { get; }

    protected abstract LogPosition Checkpoint { get; }

    /// <summary>Which epoch wrote which part of the log.</summary>
    protected abstract EpochTable Epochs { get; }

    /// <summary>Up to here the log can be read here.</summary>
    protected abstract LogPosition Shown { get; }

    protected virtual FloorVerdict Judge(RecordVersion floor) => SessionFloor.Check(floor, Epochs, Shown);

    protected abstract void OnClosing(ShardClosedException exception);

    /// <summary>Refuses while what is here is older than what was shown, or incomplete.</summary>
    protected virtual void ThrowIfUnreadable()
    {
    }

    protected void ThrowIfClosed()
    {
        if (ClosedBecause is { } reason)
        {
            throw new ShardClosedException(Id, reason);
        }
    }
}
