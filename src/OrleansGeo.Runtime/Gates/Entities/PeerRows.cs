using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Sessions;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.Gates.Entities;

/// <summary>The rows that the other regions write of one multi-writer entity, as they are shown here. Used on the activation's scheduler only.</summary>
internal sealed class PeerRows
{
    private readonly GeoActivations _silo;
    private readonly string _entity;
    private readonly Row[] _rows;

    public PeerRows(GeoActivations silo, GeoGrainPolicy policy, GrainId grain)
    {
        (_silo, _entity) = (silo, grain.ToString());
        var topology = silo.Topology.Value;
        _rows =
        [
            .. Enumerable.Range(0, topology.Regions.Count).Where(region => region != silo.Self)
                .Select(region => new Row(topology.Regions[region].Name, policy.LocateRow(topology, grain.Key.AsSpan(), region))),
        ];
    }

    /// <summary>Each other region, what it wrote, and through where its log is shown here.</summary>
    public IEnumerable<(string Region, EntityRecord Record, RecordVersion Through)> All => _rows.Select(static row => (row.Region, row.Record, row.Through));

    public bool IsCurrent => Array.TrueForAll(_rows, static row => row.IsCurrent);

    /// <summary>How often a row was loaded anew: what the states had merged does not go on from there.</summary>
    public int Loads { get; private set; }

    /// <summary>How often the rows were taken anew: what was merged before may lack something.</summary>
    public int Takes { get; private set; }

    /// <summary>A mark of how fresh the oldest row is, the own one among them; negative when one is not known.</summary>
    public long Freshness
    {
        get
        {
            var oldest = OwnFreshness;
            foreach (var row in _rows)
            {
                oldest = Math.Min(oldest, row.Shard?.Freshness ?? -1);
            }

            return oldest;
        }
    }

    public int StalenessOf(long freshness) => freshness == long.MaxValue ? 0 : freshness < 0 ? -1 : ReplicaShard.Milliseconds(_silo.Clock.Now - new TimeSpan(freshness));

    /// <summary>
    /// Until when no other silo can have written the own row: where several use the store, this one may have been given up by its cluster, and not know. What tells it is what renews the
    /// lease that it knows.
    /// </summary>
    private long OwnFreshness => !_silo.IsStoreShared ? long.MaxValue : _silo.Authority.ActedUntil?.Ticks ?? -1;

    /// <summary>The worst of what the rows mean to a session.</summary>
    public FloorVerdict Check(SessionFloors floors)
    {
        var worst = FloorVerdict.Satisfied;
        foreach (var row in _rows)
        {
            if (floors.Find(row.Index) is { } floor)
            {
                var verdict = row.Shard?.Check(floor) ?? FloorVerdict.NotYet;
                worst = verdict > worst ? verdict : worst;
            }
        }

        return worst;
    }

    public IEnumerable<SessionFloor> Seen => _rows.Where(static row => row.Record.Version != RecordVersion.None).Select(static row => new SessionFloor(row.Index, row.Record.Version));

    /// <summary>For a session that lost what it saw: every row as it is shown here.</summary>
    public IEnumerable<SessionFloor> Shown => _rows.Where(static row => row.Shard is not null).Select(static row => new SessionFloor(row.Index, row.Shard!.ShownVersion));

    /// <summary>Completes when a row may have moved.</summary>
    public Task WhenMovedAsync() => Task.WhenAny(_rows.Select(static row => (row.Shard as ReplicaShard)?.WhenMovedAsync()).OfType<Task>().DefaultIfEmpty(Task.CompletedTask));

    /// <summary>Asks the other regions where their rows stand, without waiting.</summary>
    public void AskNow()
    {
        foreach (var row in _rows)
        {
            _silo.Probes.AskNow(_silo.Topology.Value.Map.OwnerOf(row.Index));
        }
    }

    /// <summary>Takes every row as it is shown now. False when one cannot be had here now.</summary>
    public async ValueTask<bool> RefreshAsync()
    {
        foreach (var row in _rows)
        {
            if (!row.IsHeld && !await HoldAsync(row))
            {
                return false;
            }

            row.Take();
        }

        Takes++;
        return true;
    }

    public void Release()
    {
        foreach (var row in _rows)
        {
            row.Release();
        }
    }

    private async ValueTask<bool> HoldAsync(Row row)
    {
        if (!_silo.Shards.TryGet(row.Index, out var shard))
        {
            // Nobody woke it here yet.
            await _silo.WakeAsync(row.Index);
            if (!_silo.Shards.TryGet(row.Index, out shard))
            {
                return false;
            }
        }

        if (await shard.TryHoldAsync(_entity) is not { } live)
        {
            return false;
        }

        row.Hold(shard, live);
        Loads++;
        return true;
    }

    private sealed class Row(string region, int index)
    {
        private LiveRecord? _live;

        public string Region { get; } = region;

        public int Index { get; } = index;

        public Shard? Shard { get; private set; }

        public EntityRecord Record { get; private set; } = EntityRecord.Empty;

        public RecordVersion Through { get; private set; }

        public bool IsHeld => _live is { IsClosed: false };

        public bool IsCurrent => IsHeld && ReferenceEquals(_live!.Current, Record);

        public void Hold(Shard shard, LiveRecord live) => (Shard, _live) = (shard, live);

        /// <summary>First how far the log is shown, then the record: that has everything up to there, and perhaps more.</summary>
        public void Take()
        {
            var shown = Shard!.ShownVersion;
            Record = _live!.Current!;
            Through = shown.CompareIncarnationFirst(Record.Version) < 0 ? Record.Version : shown;
        }

        public void Release()
        {
            if (_live is { } live)
            {
                Shard!.Release(live);
                _live = null;
            }
        }
    }
}
