using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OrleansGeo.Storage.Sqlite;

/// <summary>A connection of ours to the file: used by one thread at a time, and the owner of its prepared statements.</summary>
internal sealed class StoreConnection : IDisposable
{
    private const int PageBytes = 4096;

    private readonly SqliteConnection _connection;
    private readonly List<Statement> _statements = [];

    private StoreConnection(StoreFile file, SqliteOpenMode mode)
    {
        File = file;
        _connection = new(new SqliteConnectionStringBuilder { DataSource = file.Path, Mode = mode, Pooling = false }.ToString());
    }

    public StoreFile File { get; }

    public sqlite3 Handle => _connection.Handle!;

    public static StoreConnection OpenWriter(StoreFile file, StoreWorld world, SqliteStoreOptions options)
    {
        var maxPages = options.MaxPages > 0 ? options.MaxPages : uint.MaxValue - 1;
        return Open(file, SqliteOpenMode.ReadWriteCreate, connection =>
        {
            connection.Execute("PRAGMA busy_timeout = 2000; PRAGMA locking_mode = NORMAL; PRAGMA temp_store = MEMORY");
            StoreSchema.Ensure(connection._connection, file, world);
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"""
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                PRAGMA cache_size = -32768;
                PRAGMA wal_autocheckpoint = {Math.Max(1, options.WalBytes / PageBytes)};
                PRAGMA journal_size_limit = {4 * options.WalBytes};
                PRAGMA max_page_count = {maxPages};
                """));
        });
    }

    public static StoreConnection OpenReader(StoreFile file) =>
        Open(file, SqliteOpenMode.ReadWrite, static connection => connection.Execute(
            "PRAGMA busy_timeout = 2000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096; PRAGMA query_only = 1"));

    /// <inheritdoc cref="StoreSchema.BeginLife"/>
    /// <returns>That life, and how many transactions were committed before it.</returns>
    public (StoreLife Life, long Commits) BeginLife()
    {
        try
        {
            return (StoreSchema.BeginLife(_connection, File), StoreSchema.Commits(_connection, File));
        }
        catch (SqliteException exception)
        {
            throw File.FromSqlite(exception, "be opened");
        }
    }

    public Statement Prepare(string doing, string sql)
    {
        var statement = new Statement(Handle, File, doing, sql);
        _statements.Add(statement);
        return statement;
    }

    public void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The statements first: SQLite keeps a connection, and with it the file, open for as long as one is left.</summary>
    public void Dispose()
    {
        foreach (var statement in _statements)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private static StoreConnection Open(StoreFile file, SqliteOpenMode mode, Action<StoreConnection> prepare)
    {
        var connection = new StoreConnection(file, mode);
        try
        {
            connection._connection.Open();
            prepare(connection);
            return connection;
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw file.FromSqlite(exception, "be opened");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
