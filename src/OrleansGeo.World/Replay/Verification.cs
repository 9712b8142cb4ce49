using System.Collections.Immutable;

namespace OrleansGeo.World.Replay;

/// <summary>What one region answered with one consistency.</summary>
/// <param name="Region">The region that was asked.</param>
/// <param name="Consistency">The <c>Geo-Consistency</c> that was asked for.</param>
/// <param name="Airports">How many airports were read.</param>
/// <param name="Mismatches">Those that did not show the expected totals.</param>
/// <param name="Took">How long it took; for <c>local</c>, until the region had caught up.</param>
internal sealed record Verification(string Region, string Consistency, int Airports, ImmutableArray<Mismatch> Mismatches, TimeSpan Took);
