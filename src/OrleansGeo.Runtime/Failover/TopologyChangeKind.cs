namespace OrleansGeo.Runtime.Failover;

/// <summary>Which of <see cref="Protocol.Topology.TopologyChanges"/>.</summary>
internal enum TopologyChangeKind : byte
{
    SetMode = 0,
    Evict = 1,
    Reserve = 2,
    Withdraw = 3,
    HandedOver = 4,
    Claim = 5,
    Reallot = 6,
    Leave = 7,
    Return = 8,
    Settle = 9,
    Refuse = 10,
}
