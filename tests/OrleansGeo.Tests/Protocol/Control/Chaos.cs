using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Protocol.Control;

/// <summary>One random schedule: faults and operators for a while, then everything heals and must come right.</summary>
internal sealed class Chaos
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(20);

    private readonly ControlWorld _world;
    private readonly Random _random;
    private readonly Action[] _faults;

    private Chaos(ulong seed, Func<ControlWorldConfig, ControlWorldConfig> adjust)
    {
        var setting = new Random(unchecked((int)seed));
        _world = new(adjust(new()
        {
            Regions = setting.Next(8) switch { 0 => 2, 1 => 4, 2 => 5, _ => 3 },
            Seed = seed,
            IsStoreShared = seed % 2 == 0,
            Delay = TimeSpan.FromMilliseconds(setting.Next(1, setting.Next(4) == 0 ? 150 : 20)),
            Jitter = TimeSpan.FromMilliseconds(setting.Next(0, 30)),
            Preferences = setting.Next(6) switch
            {
                0 => new() { Witnesses = [new("region-b")] },
                1 => new() { Priority = [new("region-b"), new("region-a")] },
                _ => null,
            },
        }));
        _random = _world.Random;
        _faults =
        [
            () => _world.Crash(Any()), () => _world.Crash(Any()), () => _world.Start(Any()), () => _world.Start(Any()), () => _world.Start(Any()), _world.StartAll,
            () => _world.Stall(Any()), () => _world.Unstall(Any()), () => _world.Unstall(Any()),
            () => _world.Isolate(Any()), () => _world.Isolate(Any(), isCut: false), () => _world.Isolate(Any(), isCut: false), Heal,
            () => _world.CutBoth(Any(), Any()), () => _world.Cut(Any(), Any()), () => _world.Cut(Any(), Any(), isCut: false),
            Disturb, Disturb, CrashAndReturn,
            () => _world.Do(Any(), static (control, now) => control.GiveUp("chaos", now)),
            () => _world.Do(Any(), static (control, now) => control.Resume(now)), () => _world.Do(Any(), static (control, now) => control.Resume(now)),
            () => Duplicate(Any()), () => _world.EndRivals(Any()),
            () => Operate(TopologyChanges.Evict),
            () => Operate((topology, region) => TopologyChanges.SetMode(topology, region, (RegionMode)_random.Next(3))),
            () => Operate(static (topology, region) => TopologyChanges.SetMode(topology, region, RegionMode.Normal)),
        ];
        foreach (var region in _world.Regions)
        {
            // Any two clocks differ by less than 2 %.
            region.Rate = 0.9905 + (setting.NextDouble() * 0.0189);
            region.Offset = TimeSpan.FromSeconds(setting.Next(1_000));
        }
    }

    /// <returns>What was violated; null if nothing was.</returns>
    public static string? Run(ulong seed, Func<ControlWorldConfig, ControlWorldConfig>? adjust = null)
    {
        try
        {
            var chaos = new Chaos(seed, adjust ?? (static config => config));
            chaos.Rage();
            chaos.Recover();
            return null;
        }
        catch (Violation violation)
        {
            return $"seed {seed}: {violation.Message} (run it alone: ChaosTests.One_seed)";
        }
    }

    private int Any() => _random.Next(_world.Regions.Count);

    private void Rage()
    {
        if (_random.Next(3) > 0)
        {
            _world.StartAll();
            _world.RunFor(TimeSpan.FromSeconds(1));
        }

        while (_world.Now < Duration)
        {
            _world.RunFor(TimeSpan.FromMilliseconds(_random.Next(_random.Next(1, 2_500))));
            _faults[_random.Next(_faults.Length)]();
        }
    }

    private void Recover()
    {
        Heal();
        _world.StartAll();
        for (var region = 0; region < _world.Regions.Count; region++)
        {
            // The silo that was taken for dead ends.
            _world.EndRivals(region);
            _world.Unstall(region);
            _world.Do(region, static (control, now) => control.Resume(now));
            var id = _world[region].Id;
            _world.Change(0, topology => TopologyChanges.SetMode(topology, id, RegionMode.Normal));
        }

        Violation.Unless(_world.RunUntil(() => _world.IsHealthy, Recovery), $"no progress: {_world.Describe()}");
    }

    private void Heal()
    {
        for (var from = 0; from < _world.Regions.Count; from++)
        {
            for (var to = 0; to < _world.Regions.Count; to++)
            {
                var link = _world.Link(from, to);
                (link.IsCut, link.Loss, link.Duplication, link.Jitter) = (false, 0, 0, TimeSpan.FromMilliseconds(from == to ? 0 : 20));
            }
        }
    }

    private void Disturb()
    {
        var link = _world.Link(Any(), Any());
        link.Loss = _random.NextDouble() * 0.6;
        link.Duplication = _random.NextDouble() * 0.5;
        link.Jitter = TimeSpan.FromMilliseconds(_random.Next(400));
    }

    private void Duplicate(int region)
    {
        if (_world.IsStoreShared && _world[region].Control is not null)
        {
            _world.Duplicate(region);
        }
    }

    private void CrashAndReturn()
    {
        var region = Any();
        _world.Crash(region);
        _world.RunFor(TimeSpan.FromMilliseconds(_random.Next(300)));
        _world.Start(region);
    }

    private void Operate(Func<WorldTopology, RegionId, WorldTopology?> change)
    {
        var target = _world[Any()].Id;
        _world.Change(Any(), topology => change(topology, target));
    }
}
