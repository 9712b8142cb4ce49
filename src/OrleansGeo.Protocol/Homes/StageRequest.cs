using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Records;

namespace OrleansGeo.Protocol.Homes;

/// <summary>A request's writes and its answer, to become one entry.</summary>
/// <param name="Record">The record that the activation holds.</param>
/// <param name="Expected">The version that the activation built on.</param>
/// <param name="Request">The request's id.</param>
/// <param name="Fingerprint">Hash of method and arguments; 0 when not known.</param>
/// <param name="Changes">The changed states; null bytes clear one. None: only the answer is recorded.</param>
/// <param name="Answer">The serialized answer.</param>
/// <param name="IsMove">A step of moving the entity: it alone may write the record of an entity that left, and what an entity brings with it is taken past the limit of remembered ids.</param>
internal readonly record struct StageRequest(
    LiveRecord Record,
    RecordVersion Expected,
    RequestId Request,
    ulong Fingerprint,
    ImmutableArray<StateChange> Changes,
    ReadOnlyMemory<byte> Answer,
    bool IsMove = false);
