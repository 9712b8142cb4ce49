namespace OrleansGeo.Server.Storage;

/// <summary>A file on a disk of this machine: for a region of one silo.</summary>
internal sealed class SqliteOptions
{
    /// <summary>The database file; it is created with its folder.</summary>
    public string? Path { get; set; }
}
