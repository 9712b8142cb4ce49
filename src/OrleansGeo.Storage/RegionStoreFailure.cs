namespace OrleansGeo.Storage;

/// <summary>Why a store failed.</summary>
public enum RegionStoreFailure
{
    /// <summary>It cannot be reached, read or written now: full disk, missing permission, I/O error. May pass.</summary>
    Unavailable,

    /// <summary>What it holds is damaged. Does not pass.</summary>
    Corrupt,

    /// <summary>Another process has it open.</summary>
    InUse,

    /// <summary>It was created for another region or world.</summary>
    WrongWorld,

    /// <summary>What was to be written is past a limit of the store. Nothing was changed. Does not pass.</summary>
    TooLarge,
}
