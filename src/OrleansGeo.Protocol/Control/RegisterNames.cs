using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Control;

/// <summary>The registers of a world.</summary>
internal static class RegisterNames
{
    public const string Topology = "topology";

    /// <summary>The choices of every grain type that a silo has hosted (<see cref="OrleansGeo.Protocol.Types.RecordedTypes"/>).</summary>
    public const string Types = "types";

    private const string LeasePrefix = "lease/";

    public static string LeaseOf(RegionId region) => LeasePrefix + region.Name;

    /// <summary>The region whose lease this register is; null: it is none.</summary>
    public static RegionId? LeaseHolder(string register) =>
        register.StartsWith(LeasePrefix, StringComparison.Ordinal) ? new RegionId(register[LeasePrefix.Length..]) : null;
}
