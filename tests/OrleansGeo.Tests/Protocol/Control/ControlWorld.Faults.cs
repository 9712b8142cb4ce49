using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Protocol.Control;

/// <summary>What can be done to a region and to the links.</summary>
internal sealed partial class ControlWorld
{
    public void Start(params ReadOnlySpan<int> regions)
    {
        foreach (var index in regions)
        {
            var region = _regions[index];
            if (region.Control is not null)
            {
                continue;
            }

            region.Run++;
            region.Inbox.Clear();
            region.IsStalled = false;
            region.Acceptor.Restarted(region.Local(Now));
            var config = _config.Adjust(new() { Self = region.Id, Map = Map, Boot = _config.Boot(index, region.Run), IsStoreShared = _config.IsStoreShared });
            region.Control = new(config, WorldTopology.Initial(Map), region.Local(Now));
            region.Control.Prove();
            Touch(region, static (control, now) => control.Tick(now));
        }
    }

    /// <summary>The region's cluster takes a silo for dead that lives: a second run begins on another one, on the same store, beside the first.</summary>
    /// <returns>The first.</returns>
    public WorldRegion Duplicate(int index)
    {
        var first = _regions[index];
        _rivals.Add(first);
        _regions[index] = new(first.Id) { Acceptor = first.Acceptor, Run = first.Run, Rate = first.Rate, Offset = first.Offset };
        Start(index);
        return first;
    }

    /// <summary>The earlier runs of a region end, as the silo of each learns that it was taken for dead.</summary>
    public void EndRivals(int region)
    {
        foreach (var rival in _rivals.Where(rival => rival.Id == _regions[region].Id).ToList())
        {
            _rivals.Remove(rival);
            rival.Control = null;
            rival.Wake++;
        }
    }

    public void StartAll() => Start([.. Enumerable.Range(0, _regions.Length)]);

    public void Crash(int region)
    {
        _regions[region].Control = null;
        _regions[region].Wake++;
    }

    public void Stall(int region) => _regions[region].IsStalled = true;

    public void Unstall(int index) => Unstall(_regions[index]);

    public void Unstall(WorldRegion region)
    {
        region.IsStalled = false;
        for (var waiting = region.Inbox.Count; waiting > 0; waiting--)
        {
            region.Inbox.Dequeue()();
            _judge.Step();
        }
    }

    public void Cut(int from, int to, bool isCut = true) => _links[from, to].IsCut = isCut;

    public void CutBoth(int one, int other, bool isCut = true)
    {
        Cut(one, other, isCut);
        Cut(other, one, isCut);
    }

    public void Isolate(int region, bool isCut = true)
    {
        for (var other = 0; other < _regions.Length; other++)
        {
            if (other != region)
            {
                CutBoth(region, other, isCut);
            }
        }
    }

    public void Do(int region, Action<RegionControl, TimeSpan> input)
    {
        var target = _regions[region];
        Process(target, target.Run, () => Touch(target, input));
        _judge.Step();
    }

    public void Change(int region, Func<WorldTopology, WorldTopology?> change) => Do(region, (control, now) => control.Change(change, null, now));
}
