using System.Collections.Immutable;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Testing;

namespace OrleansGeo.World.Wan;

/// <summary>The rules of every silo of this region: they are always the same, as they begin the same and change together.</summary>
internal sealed class RegionWanRules(IEnumerable<string> peers) : IWanRules
{
    private readonly ImmutableArray<RegionId> _peers = [.. peers.Select(static peer => new RegionId(peer))];
    private ImmutableArray<WanEmulator> _emulators = [];

    /// <summary>Adds a silo's emulator, while the region starts.</summary>
    public void Add(WanEmulator emulator) => ImmutableInterlocked.Update(ref _emulators, static (all, one) => all.Add(one), emulator);

    public IReadOnlyList<WanRuleView> Get() => [.. _peers.Select(View)];

    public void Set(WanRuleView rule)
    {
        foreach (var emulator in _emulators)
        {
            emulator.Set(new(rule.To), new(rule.OneWayMs, rule.Loss, rule.Cut));
        }
    }

    private WanRuleView View(RegionId peer)
    {
        var rule = _emulators[0].Get(peer);
        return new(peer.Name, rule.OneWayMs, rule.Loss, rule.Cut);
    }
}
