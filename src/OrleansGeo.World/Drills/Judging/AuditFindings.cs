using System.Collections.Immutable;
using OrleansGeo.World.Drills.Load;

namespace OrleansGeo.World.Drills.Judging;

/// <summary>What an audit found. Nothing is what it should find.</summary>
/// <param name="Missing">Acknowledged writes that are not there.</param>
/// <param name="Wrong">What else is wrong, in words.</param>
internal sealed record AuditFindings(ImmutableArray<WriteRecord> Missing, ImmutableArray<string> Wrong)
{
    public static AuditFindings None { get; } = new([], []);

    /// <summary>Both, each finding once: a write that is missing in every region is one lost write.</summary>
    public AuditFindings And(AuditFindings other) => new(
        [.. Missing.Concat(other.Missing).DistinctBy(static write => write.Key)], [.. Wrong.Concat(other.Wrong).Distinct()]);
}
