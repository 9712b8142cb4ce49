using System.Text;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Storage.Sqlite;

/// <summary>What an acceptor holds of one register, as columns of the table <c>registers</c>.</summary>
internal static class RegisterColumns
{
    public const string Select =
        "SELECT name, promised, promised_region, promised_boot, accepted, accepted_region, accepted_boot, bytes, checksum FROM registers";

    public const string SelectOne = Select + " WHERE name = ?1";

    public const string Upsert =
        """
        INSERT OR REPLACE INTO registers(
            name, promised, promised_region, promised_boot, accepted, accepted_region, accepted_boot, bytes, checksum)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """;

    public static void Bind(Statement statement, string register, AcceptorState state)
    {
        var name = KeyCodec.Encode(register);
        statement
            .Bind(1, name)
            .Bind(2, state.Promised.Counter).Bind(3, state.Promised.Region.Name).Bind(4, state.Promised.Boot)
            .Bind(5, state.Accepted.Counter).Bind(6, state.Accepted.Region.Name).Bind(7, state.Accepted.Boot)
            .Bind(8, state.Value.Span).Bind(9, ChecksumOf(name, state.Promised, state.Accepted, state.Value.Span));
    }

    /// <summary>Runs <see cref="SelectOne"/>.</summary>
    public static AcceptorState Find(Statement statement, StoreFile file, string register)
    {
        if (!statement.Bind(1, KeyCodec.Encode(register)).Step())
        {
            return AcceptorState.Empty;
        }

        var found = Read(statement, file);
        statement.Reset();
        return found;
    }

    /// <summary>Reads the row that <paramref name="statement"/> stands on.</summary>
    /// <exception cref="RegionStoreException">It is damaged: an acceptor that takes it for new breaks every promise it made.</exception>
    public static AcceptorState Read(Statement statement, StoreFile file)
    {
        var bytes = statement.Bytes(7);
        if (BallotAt(statement, 1) is { } promised
            && BallotAt(statement, 4) is { } accepted
            && ChecksumOf(statement.Bytes(0), promised, accepted, bytes) == statement.Int64(8))
        {
            return new(promised, accepted, bytes.ToArray());
        }

        var name = KeyCodec.Decode(statement.Bytes(0)) ?? "of an unreadable name";
        statement.Reset();
        throw file.Corrupt($"the register {name} fails its checksum");
    }

    private static Ballot? BallotAt(Statement statement, int column)
    {
        var region = statement.Text(column + 1);
        return region.Length == 0 || RegionId.IsValid(region)
            ? new(statement.Int64(column), region.Length > 0 ? new RegionId(region) : default, statement.Int64(column + 2))
            : null;
    }

    private static long ChecksumOf(ReadOnlySpan<byte> name, Ballot promised, Ballot accepted, ReadOnlySpan<byte> value) => Checksum.Of(
        value,
        Checksum.Of(name),
        promised.Counter, Checksum.Of(Encoding.ASCII.GetBytes(promised.Region.Name)), promised.Boot,
        accepted.Counter, Checksum.Of(Encoding.ASCII.GetBytes(accepted.Region.Name)), accepted.Boot);
}
