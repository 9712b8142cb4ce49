using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Tests.Protocol.Control;

/// <summary>What a world is made of; the functions are where the mutation tests take a rule away.</summary>
internal sealed record ControlWorldConfig
{
    public int Regions { get; init; } = 3;

    public ulong Seed { get; init; } = 1;

    public HomePreferences? Preferences { get; init; }

    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(5);

    public TimeSpan Jitter { get; init; }

    /// <summary>Whether a region's store can be used by several processes, so that a second run may begin beside the first.</summary>
    public bool IsStoreShared { get; init; }

    public Func<ControlConfig, ControlConfig> Adjust { get; init; } = static config => config;

    public Func<WorldAcceptor> Acceptor { get; init; } = static () => new();

    /// <summary>Whether a region acts: by its own check, unless a test takes a part of that away.</summary>
    public Func<RegionControl, TimeSpan, bool> Acts { get; init; } = static (control, now) => control.MayAct(now);

    /// <summary>The number of a run: another one for every run, unless a test forgets that.</summary>
    public Func<int, int, long> Boot { get; init; } = static (region, run) => (run * 10) + region + 1;
}
