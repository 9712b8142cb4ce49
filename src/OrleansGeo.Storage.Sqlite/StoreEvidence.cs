using System.IO.Hashing;
using System.Text;

namespace OrleansGeo.Storage.Sqlite;

/// <summary>
/// What remembers, outside of the file, which opening of the store was the last, and how many commits it has made: in a folder that the operating system empties when the machine
/// restarts. A file that has fewer is an older copy; and where nothing is remembered, the machine may have lost power, and the disk what it said it had.
/// </summary>
/// <remarks>Written after every commit, to memory: a process that is killed leaves a number that the file has reached.</remarks>
internal sealed class StoreEvidence : IDisposable
{
    private const int NoteBytes = 2 * sizeof(long);

    private readonly string? _path;
    private readonly long _opened;
    private FileStream? _file;

    /// <param name="folder">Null or missing: nothing is remembered.</param>
    /// <param name="life">Which opening of which store this is.</param>
    /// <param name="file">The database: a copy beside it is another store.</param>
    public StoreEvidence(string? folder, StoreLife life, string file)
    {
        _opened = life.Opened;
        _path = folder is not null && Directory.Exists(folder)
            ? Path.Combine(folder, $"orleansgeo-{life.Store:N}-{XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(file)):x16}")
            : null;
    }

    /// <summary>Whether a file with so many commits is as it was left. If not, what is remembered is forgotten: later commits prove nothing of earlier ones.</summary>
    public bool Confirms(long commits)
    {
        try
        {
            if (_path is null || !File.Exists(_path))
            {
                return false;
            }

            var bytes = File.ReadAllBytes(_path);
            if (bytes.Length == NoteBytes && BitConverter.ToInt64(bytes) == _opened - 1 && BitConverter.ToInt64(bytes, sizeof(long)) <= commits)
            {
                return true;
            }

            File.Delete(_path);
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Remembers from here on.</summary>
    public void Begin(long commits)
    {
        if (_path is null || _file is not null)
        {
            return;
        }

        try
        {
            _file = new(_path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            Note(commits);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Forget();
        }
    }

    /// <summary>A commit was made.</summary>
    public void Note(long commits)
    {
        if (_file is not { } file)
        {
            return;
        }

        try
        {
            Span<byte> bytes = stackalloc byte[NoteBytes];
            BitConverter.TryWriteBytes(bytes, _opened);
            BitConverter.TryWriteBytes(bytes[sizeof(long)..], commits);
            RandomAccess.Write(file.SafeFileHandle, bytes, fileOffset: 0);
        }
        catch (IOException)
        {
            Forget();
        }
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>A number that is not kept up to date would confirm a file that went back.</summary>
    private void Forget()
    {
        _file?.Dispose();
        _file = null;
        try
        {
            File.Delete(_path!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It cannot be written either, so that it stays below what the file has: an older copy is then only found by the other regions.
        }
    }
}
