using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace OrleansGeo.Storage.Sqlite;

/// <summary>The file of a store, and how its failures are told.</summary>
internal sealed class StoreFile
{
    private const string Replace =
        "Stop the region, move the file (with its -wal and -shm) away and start again: the region then copies its shards from the others";

    public StoreFile(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new ArgumentException("A SQLite store needs a file: set SqliteStoreOptions.Path.", nameof(path));
        }

        // The lock stands beside the file itself, so that a link to it is not a second store.
        var full = System.IO.Path.GetFullPath(path);
        var link = new FileInfo(full);
        Path = link.LinkTarget is null ? full : link.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }

    public string Path { get; }

    public string LockPath => Path + ".lock";

    public string LogPath => Path + "-wal";

    public string Description => $"SQLite store '{Path}'";

    public RegionStoreException Failure(RegionStoreFailure failure, string what, string whatToDo, Exception? inner = null) =>
        new(failure, $"{Description} {OneLine(what)}. {whatToDo}.", inner);

    public RegionStoreException Corrupt(string what, Exception? inner = null) =>
        Failure(RegionStoreFailure.Corrupt, $"is damaged: {what}", Replace, inner);

    /// <summary>Translates a result code of SQLite. <paramref name="doing"/> completes "cannot …".</summary>
    public RegionStoreException FromSqlite(int code, string message, string doing)
    {
        var inner = new SqliteException(message, code & 0xFF, code);
        return (code & 0xFF) switch
        {
            SQLITE_CORRUPT => Corrupt($"{message}, while trying to {doing}", inner),
            SQLITE_NOTADB => Failure(
                RegionStoreFailure.Corrupt, "is not a database, or its first page is damaged", $"If the file is something else, choose another path. {Replace}", inner),
            SQLITE_FULL => Failure(
                RegionStoreFailure.Unavailable, $"cannot {doing}: the disk is full", "Free space on it: the store then continues by itself", inner),
            SQLITE_READONLY or SQLITE_PERM or SQLITE_CANTOPEN or SQLITE_AUTH => Failure(
                RegionStoreFailure.Unavailable, $"cannot {doing}: {message}", "Give this process the right to read and write the file and its folder", inner),
            SQLITE_BUSY or SQLITE_LOCKED => Failure(
                RegionStoreFailure.Unavailable, $"cannot {doing}: another program holds a lock on it", "Close that program", inner),
            _ => Failure(
                RegionStoreFailure.Unavailable, $"cannot {doing}: {message} (SQLite code {code})", "Check the disk and its file system", inner),
        };
    }

    public RegionStoreException FromSqlite(SqliteException exception, string doing) =>
        FromSqlite(exception.SqliteExtendedErrorCode, exception.Message, doing);

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
