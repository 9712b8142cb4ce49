using OrleansGeo.Protocol.Ledgers;

namespace OrleansGeo.Storage.Sqlite;

/// <summary>A ledger mark as columns of the table <c>marks</c>.</summary>
internal static class MarkColumns
{
    public const string Select = "SELECT cut, position, state, checksum FROM marks ORDER BY cut, position";

    /// <summary>The last mark counts.</summary>
    public const string Upsert = "INSERT OR REPLACE INTO marks(cut, position, state, checksum) VALUES (?1, ?2, ?3, ?4)";

    public static void Bind(Statement statement, LedgerMark mark) => statement
        .Bind(1, mark.Cut).Bind(2, mark.Position.Value).Bind(3, (long)mark.State).Bind(4, ChecksumOf(mark));

    public static LedgerMark Read(Statement statement, StoreFile file)
    {
        var mark = new LedgerMark(statement.Int64(0), new(statement.Int64(1)), (LostWriteState)statement.Int64(2));
        if (ChecksumOf(mark) == statement.Int64(3))
        {
            return mark;
        }

        statement.Reset();
        throw file.Corrupt($"the ledger's mark of position {mark.Position} in cut row {mark.Cut} fails its checksum");
    }

    private static long ChecksumOf(LedgerMark mark) => Checksum.Of([], mark.Cut, mark.Position.Value, (long)mark.State);
}
