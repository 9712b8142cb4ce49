using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Protocol.Control;

/// <summary>What tests ask of a world.</summary>
internal sealed partial class ControlWorld
{
    private (ReadOnlyMemory<byte> Bytes, WorldTopology? Topology) _decided;

    public WorldTopology Decided
    {
        get
        {
            var bytes = _judge.Book(RegisterNames.Topology).Decided;
            if (_decided.Topology is null || !_decided.Bytes.Equals(bytes))
            {
                _decided = (bytes, TopologyCodec.Decode(Map, bytes));
            }

            return _decided.Topology!;
        }
    }

    public int Asked<T>()
        where T : RegisterMessage => Sent.GetValueOrDefault(typeof(T));

    public bool MayAct(int region) => _regions[region].Control is { } control && control.MayAct(_regions[region].Local(Now));

    /// <summary>How many shards the decided topology gives a region.</summary>
    public int HomesOf(int region) => Enumerable.Range(0, Map.Count).Count(index => Decided.HomeOf(index).Region == _regions[region].Id);

    /// <summary>Whether every shard's home acts, knows that it is home, and lives.</summary>
    public bool IsServed
    {
        get
        {
            var topology = Decided;
            return Enumerable.Range(0, Map.Count).All(index =>
            {
                var home = topology.HomeOf(index);
                var region = Map.Regions.IndexOf(home.Region);
                return MayAct(region) && !_regions[region].IsStalled && _regions[region].Control!.Topology.HomeOf(index) == home;
            });
        }
    }

    public bool AllLive => Enumerable.Range(0, _regions.Length).All(MayAct);

    public bool IsHealthy => AllLive && IsServed;

    /// <summary>For whoever reads why a seed failed.</summary>
    public string Describe() => string.Join("; ", Enumerable.Range(0, _regions.Length).Select(index =>
    {
        var (region, control) = (_regions[index], _regions[index].Control);
        return control is null
            ? $"{region.Id} is down"
            : $"{region.Id} generation {control.Generation} ({control.LostBecause}), topology {control.Topology.Version}: {Decided.StateOf(region.Id)}, {HomesOf(index)} homes, acts {MayAct(index)}";
    })) + $"; decided {Decided.Version}";
}
