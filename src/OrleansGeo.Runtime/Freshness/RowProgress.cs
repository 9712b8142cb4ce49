using Microsoft.Extensions.Options;
using OrleansGeo.Protocol.Freshness;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.Freshness;

/// <summary>Which entries of multi-writer rows every region shows: what this silo says of itself, and what the others said.</summary>
internal sealed class RowProgress(LocalShards locals, CurrentTopology topology, IOptions<GeoOptions> options)
{
    private readonly Lock _lock = new();
    private readonly ShardMap _map = topology.Value.Map;
    private readonly int _self = topology.Value.Regions.IndexOf(options.Value.Self);
    private readonly RowReports[] _reports =
        [.. Enumerable.Range(0, topology.Value.Map.AffineShardsPerRegion).Select(_ => new RowReports(topology.Value.Regions.Count, topology.Value.Regions.IndexOf(options.Value.Self)))];

    private RowPositions _settled = RowPositions.Empty;
    private RowPositions _settling = RowPositions.Empty;

    /// <summary>The requests that are writing rows on this silo.</summary>
    public RowTurns Turns { get; } = new();

    /// <summary>Up to where this silo shows other regions' rows: whatever is written here from now on has seen that. Then, read later, where its own rows stand.</summary>
    public RowPositions Report()
    {
        lock (_lock)
        {
            if (Turns.TryAdvance())
            {
                _settled = _settling;
                _settling = RowPositions.Of(_map, locals.All.OfType<ReplicaShard>(), static replica => replica.ShownVersion);
            }

            return _settled.With(RowPositions.Of(_map, locals.All.OfType<HomeShard>(), static home => home.StagedVersion));
        }
    }

    /// <summary>Another region reported.</summary>
    public void Reported(int region, RowPositions positions)
    {
        lock (_lock)
        {
            for (var row = 0; row < _reports.Length; row++)
            {
                var shown = new RecordVersion?[topology.Value.Regions.Count];
                for (var owner = 0; owner < shown.Length; owner++)
                {
                    shown[owner] = positions.Find(IndexOf(owner, row));
                }

                _reports[row].Reported(region, shown, owner => ShownHere(owner, row));
            }
        }
    }

    /// <summary>Up to which entry of a region's row every region shows it; null: not known.</summary>
    /// <param name="ownRow">The index of the own row shard of the same entities.</param>
    /// <param name="region">Whose row.</param>
    public RecordVersion? Everywhere(int ownRow, string region)
    {
        var row = ownRow - IndexOf(_self, 0);
        lock (_lock)
        {
            return _reports[row].Everywhere(topology.Value.Regions.IndexOf(new RegionId(region)), owner => ShownHere(owner, row));
        }
    }

    private RecordVersion? ShownHere(int owner, int row) => locals.TryGet(IndexOf(owner, row), out var shard) ? shard.ShownVersion : null;

    private int IndexOf(int region, int row) => _map.Count + (region * _map.AffineShardsPerRegion) + row;
}
