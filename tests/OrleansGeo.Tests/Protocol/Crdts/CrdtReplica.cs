using OrleansGeo.Protocol.Crdts;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Tests.Protocol.Crdts;

/// <summary>A region: its view, what it holds of every row's log, and a wall clock that nobody should trust.</summary>
internal sealed class CrdtReplica(int self, int rows)
{
    public int Self => self;

    public required CrdtView View { get; set; }

    public HybridClock Clock { get; set; } = new();

    public long Wall { get; set; }

    public long Incarnation { get; set; } = 1;

    public long Position { get; set; }

    /// <summary>Of every row: entries of its log that are held and applied.</summary>
    public int[] Held { get; } = new int[rows];

    /// <summary>What the region told of every row, and through where it had written its own then.</summary>
    public List<(RecordVersion OwnEnd, RecordVersion[] Holds)> Reports { get; } = [];
}
