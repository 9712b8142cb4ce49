namespace OrleansGeo.Protocol.Topology;

/// <summary>What a writer of a shard shows to whoever stores for it: the region that acts as home, and the epoch that it was given.</summary>
/// <remarks>Invariant 5: a store never accepts a token below the one it promised, nor an equal epoch of another region.</remarks>
public readonly record struct FencingToken(RegionId Region, long Epoch)
{
    /// <summary>Whether a store that promised <paramref name="promised"/> must refuse this token.</summary>
    public bool IsFencedBy(FencingToken promised) =>
        Epoch < promised.Epoch || (Epoch == promised.Epoch && Epoch > 0 && Region != promised.Region);

    public override string ToString() => $"{Region}@{Epoch}";
}
