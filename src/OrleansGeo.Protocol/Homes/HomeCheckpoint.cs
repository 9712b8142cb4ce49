using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Homes;

/// <summary>A checkpoint that the own store is to write.</summary>
/// <param name="Token">The home.</param>
/// <param name="Through">To where the checkpoint moves.</param>
/// <param name="Changes">The records' states that changed since it was moved last.</param>
internal sealed record HomeCheckpoint(FencingToken Token, LogPosition Through, Dictionary<string, EntityRecord> Changes);
