using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Simulation.Checkers;

/// <summary>A row that some region stored once, known by the hash of the whole log up to its end.</summary>
internal sealed class ShadowRow(LogRow row, ulong chain)
{
    private ImmutableArray<LogEntry>? _entries;

    public LogRow Row => row;

    public ulong Chain => chain;

    /// <summary>Bit set of the regions that ever stored it.</summary>
    public int Holders { get; set; }

    public ImmutableArray<LogEntry> Entries => _entries ??= LogRowCodec.Decode(row);
}
