namespace OrleansGeo.Tests.Protocol.Control;

/// <summary>One direction between two regions.</summary>
internal sealed class WorldLink
{
    public TimeSpan Delay { get; set; }

    /// <summary>Up to this much more, at random: so messages overtake each other.</summary>
    public TimeSpan Jitter { get; set; }

    public bool IsCut { get; set; }

    public double Loss { get; set; }

    public double Duplication { get; set; }
}
