using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Homes;

/// <summary>What became of a staged request; when staged, its position and the entity's version after it.</summary>
internal readonly record struct StageResult(StageVerdict Verdict, LogPosition Position, RecordVersion Version);
