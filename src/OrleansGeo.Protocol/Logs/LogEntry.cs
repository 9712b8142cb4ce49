using System.Collections.Immutable;

namespace OrleansGeo.Protocol.Logs;

/// <summary>One entry of a shard's log: one request's writes and its answer, which become durable together.</summary>
internal sealed class LogEntry
{
    public required EntryKind Kind { get; init; }

    public required LogPosition Position { get; init; }

    /// <summary>The grain id as text, <c>type/key</c>. Empty unless the kind is <see cref="EntryKind.Write"/>.</summary>
    public string Entity { get; init; } = "";

    /// <summary>The request that made the entry; <see cref="RequestId.None"/> when nobody can repeat it.</summary>
    public RequestId Request { get; init; }

    /// <summary>Hash of the request's method and arguments, so that one id used for two requests is noticed; 0 when not known.</summary>
    public ulong Fingerprint { get; init; }

    /// <summary>The entity's version after this entry.</summary>
    public RecordVersion EntityVersion { get; init; }

    /// <summary>The states that the request changed. A later entry of the same batch may have taken over a state, which is then missing here.</summary>
    public ImmutableArray<StateRecord> Changes { get; internal set; } = [];

    /// <summary>The request's answer, for repeated requests.</summary>
    public ReadOnlyMemory<byte> Answer { get; init; }

    /// <summary>For <see cref="EntryKind.Evict"/>: request ids of entries up to here are forgotten.</summary>
    public LogPosition EvictThrough { get; init; }

    /// <summary>An estimate of the entry's size, for limits.</summary>
    public int SizeBytes
    {
        get
        {
            var size = 64 + Entity.Length + Answer.Length;
            foreach (var change in Changes)
            {
                size += 16 + change.Name.Length + (change.Bytes?.Length ?? 0);
            }

            return size;
        }
    }
}
