using OrleansGeo.World.Airports;

namespace OrleansGeo.World.Replay;

/// <summary>An airport that shows something else than the file says.</summary>
/// <param name="Expected">Computed from the file.</param>
/// <param name="Shown">What the region answered last, in words.</param>
internal sealed record Mismatch(AirportTotals Expected, string Shown);
