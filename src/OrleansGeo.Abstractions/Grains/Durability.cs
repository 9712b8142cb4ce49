namespace OrleansGeo;

/// <summary>When a write is acknowledged. There is no default: the author of the grain must choose.</summary>
public enum Durability
{
    /// <summary>A majority of regions has it on disk: survives the loss of any minority of regions.</summary>
    Quorum = 1,

    /// <summary>The home region has it on disk, the other regions follow: fast; a forced promotion may leave it behind, in the ledger.</summary>
    Region = 2,
}
