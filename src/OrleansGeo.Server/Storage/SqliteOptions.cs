namespace OrleansGeo.Server.Storage;

/// <summary>A file on a disk of this machine: for a region of one silo.</summary>
internal sealed class SqliteOptions
{
    /// <summary>The database file; it is created with its folder.</summary>
    public string? Path { get; set; }

    /// <summary>A folder that is emptied when the machine restarts; null: the store's default.</summary>
    public string? EvidenceFolder { get; set; }
}
