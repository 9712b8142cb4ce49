using SQLitePCL;
using static SQLitePCL.raw;

namespace OrleansGeo.Storage.Sqlite;

/// <summary>A prepared statement that is used again and again by one thread at a time.</summary>
/// <remarks>Directly on SQLite's own interface: a commit binds thousands of values, and ADO.NET boxes each of them and allocates a reader a call.</remarks>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly StoreFile _file;
    private readonly string _doing;

    /// <param name="database">The connection that runs it.</param>
    /// <param name="file">The file of that connection: it tells the failures.</param>
    /// <param name="doing">What it is for, completing "cannot …" in the message of a failure.</param>
    /// <param name="sql">One statement.</param>
    public Statement(sqlite3 database, StoreFile file, string doing, string sql)
    {
        _database = database;
        _file = file;
        _doing = doing;
        Check(sqlite3_prepare_v3(database, sql, SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public Statement Bind(int parameter, long value)
    {
        Check(sqlite3_bind_int64(_statement, parameter, value));
        return this;
    }

    public Statement Bind(int parameter, string value)
    {
        Check(sqlite3_bind_text(_statement, parameter, value));
        return this;
    }

    public Statement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        // An empty span has no address, which SQLite takes for NULL.
        Check(value.IsEmpty ? sqlite3_bind_zeroblob(_statement, parameter, 0) : sqlite3_bind_blob(_statement, parameter, value));
        return this;
    }

    public Statement BindNull(int parameter)
    {
        Check(sqlite3_bind_null(_statement, parameter));
        return this;
    }

    /// <summary>Moves to the next result row. At the end, or on failure, the statement is ready to be used again.</summary>
    public bool Step()
    {
        var result = sqlite3_step(_statement);
        if (result == SQLITE_ROW)
        {
            return true;
        }

        if (result != SQLITE_DONE)
        {
            var failure = Failure(result);
            Reset();
            throw failure;
        }

        Reset();
        return false;
    }

    /// <summary>Runs a statement that returns no rows.</summary>
    public void Run()
    {
        while (Step())
        {
        }
    }

    public void Reset() => sqlite3_reset(_statement);

    public long Int64(int column) => sqlite3_column_int64(_statement, column);

    public string Text(int column) => sqlite3_column_text(_statement, column).utf8_to_string() ?? "";

    public bool IsNull(int column) => sqlite3_column_type(_statement, column) == SQLITE_NULL;

    /// <summary>The bytes of a column, valid until the next <see cref="Step"/> or <see cref="Reset"/>.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => sqlite3_column_blob(_statement, column);

    public void Dispose() => _statement?.Dispose();

    private void Check(int result)
    {
        if (result != SQLITE_OK)
        {
            throw Failure(result);
        }
    }

    private RegionStoreException Failure(int result)
    {
        var extended = sqlite3_extended_errcode(_database);
        return _file.FromSqlite((extended & 0xFF) == (result & 0xFF) ? extended : result, sqlite3_errmsg(_database).utf8_to_string(), _doing);
    }
}
