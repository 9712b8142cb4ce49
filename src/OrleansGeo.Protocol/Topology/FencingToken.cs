namespace OrleansGeo.Protocol.Topology;

/// <summary>What a writer of a shard shows to each store that it writes to: the region that acts as home, and the epoch that it was given.</summary>
/// <remarks>Invariant 5: a store never accepts a token below the one it promised, nor an equal epoch of another region.</remarks>
/// <param name="Region">The region that acts as home.</param>
/// <param name="Epoch">The epoch that it was given, from 1; 0: none.</param>
public readonly record struct FencingToken(RegionId Region, long Epoch)
{
    /// <summary>Whether a store that promised <paramref name="promised"/> must refuse this token.</summary>
    public bool IsFencedBy(FencingToken promised) =>
        Epoch < promised.Epoch || (Epoch == promised.Epoch && Epoch > 0 && Region != promised.Region);

    /// <summary><c>region@epoch</c>, for messages.</summary>
    public override string ToString() => $"{Region}@{Epoch}";
}
