namespace OrleansGeo.Protocol.Logs;

/// <summary>The first position that an epoch wrote.</summary>
public readonly record struct EpochStart(long Epoch, LogPosition Start);
