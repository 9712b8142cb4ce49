using OrleansGeo.Operations;

namespace OrleansGeo.Api.LostWrites;

/// <summary>A region that has not come back may have acknowledged writes that nobody else has. Settled when its store is back.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Region">The region that was left behind.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="FromPosition">The first position of that epoch that is in doubt.</param>
internal sealed record SuspectedLossView(string Shard, string Region, long Epoch, long FromPosition);
