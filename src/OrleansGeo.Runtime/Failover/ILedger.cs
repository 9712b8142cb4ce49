using OrleansGeo.Protocol.Ledgers;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Failover;

/// <summary>What the control plane's grain answers of lost writes. One for an activation.</summary>
internal interface ILedger
{
    /// <summary>Settles it, until it is stopped.</summary>
    void Start();

    Task StopAsync();

    /// <summary>The region's ledger, as it is stored.</summary>
    Task<LedgerWire> ReadAsync();

    /// <summary>For the ledger of another region, which asks for all shards that are at home here at once: each is answered for as it is, whatever becomes of the others.</summary>
    Task<LedgerAnswerWire[]> AnswerAsync(LedgerQuestionWire[] questions);

    /// <summary>Marks an entry, if there is one. What took effect stays marked so.</summary>
    Task<bool> MarkAsync(long cut, LogPosition position, LostWriteState state);

    /// <summary>Writes a lost write again, at the entity's home.</summary>
    Task<ReplayOutcome> ReplayAsync(long cut, LogPosition position, bool overwrite);
}
