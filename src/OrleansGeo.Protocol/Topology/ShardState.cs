namespace OrleansGeo.Protocol.Topology;

/// <summary>What the topology says of a shard.</summary>
/// <param name="Home">Its home.</param>
/// <param name="Reserved">
/// Whom the home is handing the shard over to, under the epoch <paramref name="Allotted"/>. That region serves once it has the home's hand-over
/// token, and never otherwise under that epoch.
/// </param>
/// <param name="Allotted">The highest epoch that was ever allotted. An epoch is allotted once, whatever became of it.</param>
/// <param name="LeftBehind">
/// Regions from which the shard was taken, or that may have served it and did not give it away, since a home last said that it noted what they may have
/// acknowledged alone (<see cref="TopologyChanges.Settle"/>).
/// </param>
internal readonly record struct ShardState(HomeAssignment Home, RegionId? Reserved, long Allotted, RegionSet LeftBehind = default)
{
    /// <summary>The first epoch that nobody was allotted.</summary>
    public long FreeEpoch => Allotted + 1;

    /// <summary>What the region that the shard is reserved for shows once it serves; null: it is not reserved.</summary>
    public FencingToken? ReservedToken => Reserved is { } region ? new(region, Allotted) : null;

    internal ShardState Allot(RegionId region) => new(new(region, FreeEpoch), null, FreeEpoch, LeftBehind);

    internal ShardState Leave(int region) => this with { LeftBehind = LeftBehind.With(region) };
}
