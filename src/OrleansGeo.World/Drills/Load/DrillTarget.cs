namespace OrleansGeo.World.Drills.Load;

/// <summary>An entity that the load writes to and reads.</summary>
/// <param name="Id">Its key.</param>
/// <param name="Path">Its path in the web API.</param>
/// <param name="Shard">Its shard.</param>
/// <param name="Home">Where it is at home before anything happens.</param>
/// <param name="Epoch">The epoch of that.</param>
/// <param name="IsAffected">It is at home in the region that the drill is about; the others are the control.</param>
internal sealed record DrillTarget(string Id, string Path, string Shard, string Home, long Epoch, bool IsAffected);
