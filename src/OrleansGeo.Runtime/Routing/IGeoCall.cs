using Orleans.Serialization.Invocation;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Runtime.Routing;

/// <summary>A call as the gate sees it.</summary>
internal interface IGeoCall
{
    IInvokable Inner { get; }

    GeoCallFlags Flags { get; }

    RequestId Request { get; }

    ulong Fingerprint { get; }

    CallSession? Session { get; }

    int Shard { get; }

    long Generation { get; }

    byte Origin { get; }

    long TopologyVersion { get; }

    int RemainingMs { get; }

    long Made { get; }

    Lineage? Lineage { get; }

    GrainId? Source { get; }
}
