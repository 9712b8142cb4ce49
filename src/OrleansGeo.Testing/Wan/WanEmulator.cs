using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Links;

namespace OrleansGeo.Testing;

/// <summary>
/// Makes the links of this process behave like a wide area network: delay, loss and cuts of the bytes that this region sends, to
/// each region apart. What the other region sends back is shaped by the emulator there. For development and tests.
/// </summary>
/// <remarks>Thread-safe. It must be on in every process of a world or in none: it puts a preamble before Orleans' own.</remarks>
public sealed class WanEmulator : ILinkShaper, IDisposable
{
    private readonly ConcurrentDictionary<RegionId, WanPath> _paths = new();
    private readonly int _seed;
    private int _lines;

    /// <param name="self">The region of this process.</param>
    /// <param name="time">Counts the delays; they are waited for in real time.</param>
    /// <param name="seed">Which writes are lost. The same seed and the same connections in the same order lose the same ones.</param>
    public WanEmulator(RegionId self, TimeProvider time, int seed)
    {
        Self = self;
        _seed = seed;
        Clock = new WanClock(time);
    }

    /// <summary>The region of this process.</summary>
    public RegionId Self { get; }

    internal WanClock Clock { get; }

    /// <summary>The rule for the bytes to a region; <see cref="WanRule.None"/> if none was set.</summary>
    public WanRule Get(RegionId to) => Path(to).Rule;

    /// <summary>Sets it, for the connections that are open too, at once. Bytes that are under way keep their delay; a cut holds them.</summary>
    /// <exception cref="ArgumentException">A number is out of bounds, or the region is this one.</exception>
    public void Set(RegionId to, WanRule rule)
    {
        if (to == Self)
        {
            throw new ArgumentException($"{to} is this region: a rule is for the way to another one.", nameof(to));
        }

        rule.Validate(to.Name);
        Path(to).Set(rule);
    }

    /// <summary>Ends the emulation. A connection that has bytes to delay ends with it.</summary>
    public void Dispose() => Clock.Dispose();

    bool ILinkShaper.IsCut(RegionId to) => Get(to).Cut;

    void ILinkShaper.ShapeOutbound(IConnectionBuilder builder, RegionId peer) => WanMiddleware.ShapeOutbound(this, builder, peer);

    internal WanPath Path(RegionId to) => _paths.GetOrAdd(to, static _ => new WanPath());

    internal Random NextRandom() => new(unchecked((_seed * 397) + Interlocked.Increment(ref _lines)));
}
