using OrleansGeo.Protocol.Seats;

namespace OrleansGeo.Tests.Protocol.Seats;

/// <summary>A replica of which a test says how it stands.</summary>
internal sealed class BenchReplica : ISeatReplica
{
    public long VerifiedEpoch { get; set; }
}
