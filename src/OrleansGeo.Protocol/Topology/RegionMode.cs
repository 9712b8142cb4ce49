namespace OrleansGeo.Protocol.Topology;

/// <summary>What operators want of a region.</summary>
public enum RegionMode : byte
{
    /// <summary>It gets its preferred homes, back from others once it has been healthy for a while.</summary>
    Normal = 0,

    /// <summary>It is not to be home of anything: drained, or failed over by an operator. Until it is restored.</summary>
    Drained = 1,

    /// <summary>It is to get its preferred homes back as soon as it has caught up.</summary>
    Restoring = 2,

    /// <summary>It stops, and is home of nothing until it has started again: it says so itself, and ends it itself.</summary>
    Leaving = 3,
}
