using OrleansGeo.Runtime.Storage;

namespace OrleansGeo.Storage.Sqlite;

/// <summary>Keeps every other process, and every other store object of this one, away from the file for as long as it is held.</summary>
/// <remarks>The lock is the operating system's, so it ends with the process. The file stays: removing it would let two processes lock two files of one name.</remarks>
internal sealed class StoreLock : IDisposable
{
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int LockViolation = unchecked((int)0x80070021);
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    private readonly FileStream _file;

    private StoreLock(FileStream file) => _file = file;

    public static StoreLock Acquire(StoreFile file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);
            if (Directory.Exists(file.Path))
            {
                throw file.Failure(RegionStoreFailure.Unavailable, "cannot be opened: it is a folder", "Name a file");
            }

            return new(new FileStream(file.LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
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

    public void Dispose() => _file.Dispose();
}
