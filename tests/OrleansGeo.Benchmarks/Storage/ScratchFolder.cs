namespace OrleansGeo.Benchmarks.Storage;

/// <summary>A folder of its own beside the program, on a real disk: the system's temporary folder may be in memory, where a commit costs nothing.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly string _path = Path.Combine(AppContext.BaseDirectory, "scratch", Path.GetRandomFileName());

    public ScratchFolder() => Directory.CreateDirectory(_path);

    public string File(string name) => Path.Combine(_path, name);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
