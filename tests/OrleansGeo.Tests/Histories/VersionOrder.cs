using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Tests.Histories;

/// <summary>
/// Versions as a log orders them. Along one log neither epochs nor positions fall; two versions of which one is higher in epoch and the
/// other in position are on two branches, of which the lower epoch's was cut off.
/// </summary>
internal static class VersionOrder
{
    /// <summary>Whether the first is the second, or came after it in the same log.</summary>
    public static bool Reaches(RecordVersion version, RecordVersion floor) =>
        version == floor || (version.Epoch >= floor.Epoch && version.Position > floor.Position);

    /// <summary>Whether the first is on a branch that cut the second off.</summary>
    public static bool CutsOff(RecordVersion version, RecordVersion seen) => version.Epoch > seen.Epoch && version.Position <= seen.Position;
}
