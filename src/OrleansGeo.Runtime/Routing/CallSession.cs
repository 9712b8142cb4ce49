using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Runtime.Routing;

/// <summary>What a call carries of its caller's session.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("orleansgeo.callsession")]
internal sealed class CallSession
{
    /// <summary>Of a local read: nothing is asked for, only told.</summary>
    public static CallSession Unread { get; } = new();

    /// <summary>The newest entry of the entity's shard that the session has seen.</summary>
    [Id(0)]
    public long FloorEpoch { get; init; }

    [Id(1)]
    public long FloorPosition { get; init; }

    /// <summary>Everything that it has seen, for the calls that the method makes and for entities that were in several shards; null when nobody need know.</summary>
    [Id(2)]
    public byte[]? Seen { get; init; }

    /// <summary>The calls that the method makes are reads of the session, too.</summary>
    [Id(3)]
    public bool IsNested { get; init; }

    public RecordVersion Floor => new(FloorEpoch, new(FloorPosition));

    /// <summary>How the calls that the method makes are to be read.</summary>
    public ReadConsistency Nested => IsNested ? ReadConsistency.Session : ReadConsistency.Local;
}
