namespace OrleansGeo.Storage.Sqlite;

/// <summary>Keeps every other process, and every other store object of this one, away from the file for as long as it is held.</summary>
/// <remarks>
/// The lock is the operating system's, so it ends with the process. The file stays: removing it would let two processes lock two files of one name.
/// It also says whether a store was ever created here, because SQLite takes a file of 0 bytes for a new database.
/// </remarks>
internal sealed class StoreLock : IDisposable
{
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int LockViolation = unchecked((int)0x80070021);
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    private readonly StoreFile _store;
    private readonly FileStream _file;

    private StoreLock(StoreFile store, FileStream file) => (_store, _file) = (store, file);

    public static StoreLock Acquire(StoreFile file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);
            if (Directory.Exists(file.Path))
            {
                throw file.Failure(RegionStoreFailure.Unavailable, "cannot be opened: it is a folder", "Name a file");
            }

            return new(file, new FileStream(file.LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (IOException exception) when (exception.HResult is SharingViolation or LockViolation or LinuxWouldBlock or MacWouldBlock)
        {
            throw file.Failure(
                RegionStoreFailure.InUse,
                $"is in use by another process, which holds '{file.LockPath}'",
                "Stop that process, or give this region another file",
                exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw file.Failure(
                RegionStoreFailure.Unavailable,
                $"cannot be opened: {exception.Message.TrimEnd('.')}",
                "Name a file in a folder that this process may write to",
                exception);
        }
    }

    /// <summary>Refuses a file that lost its content: opened as new it would forget every promise and every row, and say that it has none.</summary>
    /// <remarks>A file that is gone with its write-ahead log was moved away, which is how a damaged store is replaced.</remarks>
    public void RequireContent()
    {
        var store = new FileInfo(_store.Path);
        if (store is { Exists: true, Length: > 0 })
        {
            return;
        }

        if (new FileInfo(_store.LogPath) is { Exists: true, Length: > 0 })
        {
            throw _store.Corrupt($"it is empty or missing, and its write-ahead log '{_store.LogPath}' is not");
        }

        if (store.Exists && _file.Length > 0)
        {
            throw _store.Corrupt($"it has 0 bytes, and '{_store.LockPath}' says that a store was created here");
        }
    }

    /// <summary>Records, durably and once, that a store was created.</summary>
    public void RecordCreated()
    {
        if (_file.Length > 0)
        {
            return;
        }

        try
        {
            _file.Write("An OrleansGeo store was created beside this file.\n"u8);
            _file.Flush(flushToDisk: true);
        }
        catch (IOException exception)
        {
            throw _store.Failure(
                RegionStoreFailure.Unavailable,
                $"cannot be opened: '{_store.LockPath}' cannot be written: {exception.Message.TrimEnd('.')}",
                "Check the disk and its file system",
                exception);
        }
    }

    public void Dispose() => _file.Dispose();
}
