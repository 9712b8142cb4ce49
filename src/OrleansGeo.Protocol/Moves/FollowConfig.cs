namespace OrleansGeo.Protocol.Moves;

/// <summary>When an entity follows those who write it.</summary>
/// <param name="Window">Writes are counted over this long.</param>
/// <param name="Windows">So many windows in a row must agree.</param>
/// <param name="Share">The part of a window's writes that must come from one other region.</param>
/// <param name="Writes">A window with fewer writes says nothing, and ends what the ones before said.</param>
internal sealed record FollowConfig(TimeSpan Window, int Windows, double Share, int Writes);
