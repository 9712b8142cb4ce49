using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Storage;

/// <summary>The record, or the changed states, of one entity.</summary>
public sealed record StoredRecord(string Entity, EntityRecord Record);
