using OrleansGeo.Protocol.Moves;

namespace OrleansGeo.Runtime.Configuration;

/// <summary>When entities of types with <c>[GeoGrain(…, FollowWriters = true)]</c> move to the region that writes them.</summary>
public sealed class FollowOptions
{
    /// <summary>Writes are counted over windows of this length. Default 30 s.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>So many windows in a row must agree before an entity moves. Default 2.</summary>
    public int Windows { get; set; } = 2;

    /// <summary>The part of a window's writes that must come from one other region. Default 0.8.</summary>
    public double Share { get; set; } = 0.8;

    /// <summary>A window with fewer writes than this counts as none. Default 20.</summary>
    public int Writes { get; set; } = 20;

    /// <summary>So many entities, at most, does one silo send away in a minute. Others stay until they are asked for again. Default 60.</summary>
    public int MovesPerMinute { get; set; } = 60;

    internal FollowConfig ToConfig() => new(Window, Windows, Share, Writes);
}
