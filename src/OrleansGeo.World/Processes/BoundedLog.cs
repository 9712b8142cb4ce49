namespace OrleansGeo.World.Processes;

/// <summary>A region's log file, at most two of <see cref="MaxBytes"/>: the present one and the one before (<c>.1</c>). Remembers its last lines.</summary>
/// <remarks>Thread-safe: a process writes two streams.</remarks>
internal sealed class BoundedLog : IDisposable
{
    public const long MaxBytes = 8 * 1024 * 1024;

    private const int TailLines = 12;

    private readonly Lock _gate = new();
    private readonly Queue<string> _tail = new();
    private readonly long _maxBytes;
    private StreamWriter? _file;

    public BoundedLog(string path, long maxBytes = MaxBytes)
    {
        Path = path;
        _maxBytes = maxBytes;
        _file = Open(path);
    }

    public string Path { get; }

    /// <summary>The lines written last, oldest first.</summary>
    public IReadOnlyList<string> Tail
    {
        get
        {
            lock (_gate)
            {
                return [.. _tail];
            }
        }
    }

    public void WriteLine(string line)
    {
        lock (_gate)
        {
            if (_file is null)
            {
                return;
            }

            if (_file.BaseStream.Position > _maxBytes)
            {
                _file.Dispose();
                File.Move(Path, $"{Path}.1", overwrite: true);
                _file = Open(Path);
            }

            _file.WriteLine(line);
            _tail.Enqueue(line);
            if (_tail.Count > TailLines)
            {
                _tail.Dequeue();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private static StreamWriter Open(string path) =>
        new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true };
}
