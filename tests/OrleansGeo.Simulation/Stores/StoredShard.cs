using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Simulation.Stores;

/// <summary>What one region's disk holds of one shard.</summary>
internal sealed class StoredShard
{
    public ShardHead Head { get; set; } = ShardHead.Empty;

    /// <summary>The highest token that came with rows, for a store that would forget the others.</summary>
    public FencingToken Accepted { get; set; }

    public List<LogRow> Rows { get; } = [];

    public SortedDictionary<string, EntityRecord> Records { get; } = new(StringComparer.Ordinal);

    /// <summary>Its rows and records cannot be read.</summary>
    public bool IsDamaged { get; set; }

    public StoredShard Clone()
    {
        var clone = new StoredShard { Head = Head, Accepted = Accepted };
        clone.Rows.AddRange(Rows);
        foreach (var (entity, record) in Records)
        {
            clone.Records.Add(entity, record);
        }

        return clone;
    }

    public long RowBytes => Rows.Sum(static row => (long)row.Bytes.Length);

    /// <summary>Lays changed states over what is stored; of every state the newer version stays.</summary>
    public void Put(string entity, EntityRecord changes, bool olderWins = false)
    {
        var stored = Records.GetValueOrDefault(entity, EntityRecord.Empty);
        Records[entity] = olderWins ? new([.. changes.States, .. stored.States.Where(state => changes.Find(state.Name) is null)]) : changes.Over(stored);
    }

    /// <summary>Drops the tombstones of states that were cleared up to a position.</summary>
    public void Forget(LogPosition through)
    {
        foreach (var (entity, record) in Records.ToArray())
        {
            var kept = record.WithoutTombstones(through);
            if (kept.States.IsEmpty)
            {
                Records.Remove(entity);
            }
            else
            {
                Records[entity] = kept;
            }
        }
    }
}
