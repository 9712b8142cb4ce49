using System.Collections.Concurrent;

namespace OrleansGeo.World.Drills.Load;

/// <summary>Everything that the load did. Thread-safe.</summary>
internal sealed class DrillLog
{
    private readonly ConcurrentQueue<WriteRecord> _writes = new();
    private readonly ConcurrentQueue<ReadRecord> _reads = new();

    public IReadOnlyCollection<WriteRecord> Writes => _writes;

    public IReadOnlyCollection<ReadRecord> Reads => _reads;

    public void Add(WriteRecord write) => _writes.Enqueue(write);

    public void Add(ReadRecord read) => _reads.Enqueue(read);
}
