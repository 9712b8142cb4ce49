namespace OrleansGeo.Simulation.Rows;

/// <summary>What a request does to a multi-writer entity.</summary>
internal enum RowOperationKind
{
    Read,
    Count,
    Add,
    Remove,
}
