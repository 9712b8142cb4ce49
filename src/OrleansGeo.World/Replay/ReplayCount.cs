namespace OrleansGeo.World.Replay;

/// <summary>How far the replay is.</summary>
internal readonly record struct ReplayCount(int Acknowledged, int Writes, long Retries);
