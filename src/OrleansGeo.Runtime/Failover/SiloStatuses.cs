namespace OrleansGeo.Runtime.Failover;

/// <summary>What a silo makes of its cluster's members.</summary>
internal static class SiloStatuses
{
    /// <summary>Whether no other silo of the region is active.</summary>
    public static bool IsAlone(this ISiloStatusOracle silos) => silos.GetApproximateSiloStatuses(onlyActive: true).Keys.All(silo => silo.Equals(silos.SiloAddress));
}
