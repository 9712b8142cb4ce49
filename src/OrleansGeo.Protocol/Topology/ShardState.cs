namespace OrleansGeo.Protocol.Topology;

/// <summary>What the topology says of a shard.</summary>
/// <param name="Home">Its home.</param>
/// <param name="Reserved">
/// Whom the home is handing the shard over to, under the next epoch. That region serves once it has the home's hand-over token, and never
/// otherwise under that epoch.
/// </param>
public readonly record struct ShardState(HomeAssignment Home, RegionId? Reserved)
{
    /// <summary>The first epoch that nobody was allotted.</summary>
    public long FreeEpoch => Home.Epoch + (Reserved is null ? 1 : 2);
}
