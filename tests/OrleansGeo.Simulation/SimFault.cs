namespace OrleansGeo.Simulation;

/// <summary>A fence that a run goes without, to prove that a checker notices.</summary>
internal enum SimFault
{
    None,
    NoEpochCheckAtHomeStore,
    NoEpochCheckAtReplica,
    NoEqualEpochFence,
    ShortAppendCuts,
    ApplyUnverified,
    ShipBeforeStore,
    LedgerAfterCut,
    HomeMajorityOffByOne,
    PromiseMajorityOffByOne,
    CheckpointPastStable,
    TrimPastStable,
    NoDeduplication,
    StageWithoutVersionCheck,
    StableWithoutOwnEpoch,
    CopyingReplicaCounts,
    CopyDiscardsForeignRows,
    AcknowledgeBeforeStable,
    OlderRecordWins,
    SkippedRowsNotCompared,
    CutUnconditionally,
    UnguardedCopy,
    CopyNotNamed,
}
