namespace OrleansGeo.Storage.Sqlite;

/// <summary>Where a region's SQLite store is and how it behaves.</summary>
public sealed class SqliteStoreOptions
{
    /// <summary>The database file; its folder is created. Beside it stand <c>-wal</c>, <c>-shm</c> and <c>.lock</c>. Required.</summary>
    public string Path { get; set; } = "";

    /// <summary>
    /// A folder that the operating system empties when the machine restarts: there the store notes how many commits it has made, so that a region that starts again knows at once that its store is
    /// as it was left. Null, or a folder that does not exist: every start asks the other regions first, and begins new epochs. Default <c>/dev/shm</c> on Linux, otherwise null.
    /// </summary>
    public string? EvidenceFolder { get; set; } = OperatingSystem.IsLinux() ? "/dev/shm" : null;

    /// <summary>Connections that read at the same time, at least 1. A further read waits. Default 8.</summary>
    public int Readers { get; set; } = 8;

    /// <summary>Bytes of mutations that wait for the writer. Past it a mutation fails as unavailable. Default 256 MiB.</summary>
    public long QueuedBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>Bytes of mutations that one transaction takes before it commits. Default 16 MiB.</summary>
    public long TransactionBytes { get; set; } = 16L * 1024 * 1024;

    /// <summary>Bytes of write-ahead log after which it is merged into the database file. Default 16 MiB.</summary>
    public long WalBytes { get; set; } = 16L * 1024 * 1024;

    /// <summary>Largest size of the database in pages, 0 for no limit: stands in for a full disk in tests.</summary>
    internal long MaxPages { get; set; }
}
