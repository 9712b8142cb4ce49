using Microsoft.Data.Sqlite;
using Orleans.Serialization;
using Orleans.Storage;

namespace OrleansGeo.Benchmarks.Storage;

/// <summary>
/// What a plain Orleans application would write: every state in one SQLite file, write-ahead log, <c>synchronous=FULL</c>, one transaction
/// a write that checks the ETag, one connection, prepared statements.
/// </summary>
internal sealed class SqliteGrainStorage : IGrainStorage, IDisposable
{
    public const string Name = "sqlite";

    // Asynchronous, so that those who wait for their turn hold no thread.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Serializer _serializer;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _read;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _update;
    private readonly SqliteCommand _delete;

    public SqliteGrainStorage(string path, Serializer serializer)
    {
        _serializer = serializer;
        _connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        using var setUp = _connection.CreateCommand();
        setUp.CommandText = """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA cache_size = -32768;
            PRAGMA wal_autocheckpoint = 4096;
            CREATE TABLE IF NOT EXISTS states(key TEXT PRIMARY KEY, etag INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT, WITHOUT ROWID;
            """;
        setUp.ExecuteNonQuery();
        _read = Prepare("SELECT etag, bytes FROM states WHERE key = $key", "$key");
        _insert = Prepare("INSERT INTO states(key, etag, bytes) VALUES ($key, 1, $bytes) ON CONFLICT DO NOTHING", "$key", "$bytes");
        _update = Prepare("UPDATE states SET etag = etag + 1, bytes = $bytes WHERE key = $key AND etag = $etag", "$key", "$bytes", "$etag");
        _delete = Prepare("DELETE FROM states WHERE key = $key AND etag = $etag", "$key", "$etag");
    }

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await _turn.WaitAsync();
        try
        {
            _read.Parameters[0].Value = Key(stateName, grainId);
            using var reader = _read.ExecuteReader();
            if (reader.Read())
            {
                grainState.ETag = reader.GetInt64(0).ToString();
                grainState.State = _serializer.Deserialize<T>(reader.GetFieldValue<byte[]>(1));
                grainState.RecordExists = true;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = Key(stateName, grainId);
        var bytes = _serializer.SerializeToArray(grainState.State);
        var etag = grainState.ETag is { } text ? long.Parse(text) : 0;
        await _turn.WaitAsync();
        try
        {
            // One statement is one transaction: durable when it returns.
            var command = etag == 0 ? _insert : _update;
            command.Parameters[0].Value = key;
            command.Parameters[1].Value = bytes;
            if (etag != 0)
            {
                command.Parameters[2].Value = etag;
            }

            RequireOne(command.ExecuteNonQuery(), grainId);
        }
        finally
        {
            _turn.Release();
        }

        grainState.ETag = (etag + 1).ToString();
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (grainState.ETag is not { } etag)
        {
            return;
        }

        await _turn.WaitAsync();
        try
        {
            _delete.Parameters[0].Value = Key(stateName, grainId);
            _delete.Parameters[1].Value = long.Parse(etag);
            RequireOne(_delete.ExecuteNonQuery(), grainId);
        }
        finally
        {
            _turn.Release();
        }

        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    public void Dispose()
    {
        _connection.Dispose();
        _turn.Dispose();
    }

    private static string Key(string stateName, GrainId grainId) => $"{grainId}/{stateName}";

    private static void RequireOne(int rows, GrainId grainId)
    {
        if (rows != 1)
        {
            throw new InconsistentStateException($"The state of {grainId} was changed by somebody else.");
        }
    }

    private SqliteCommand Prepare(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new(parameter, parameter switch
            {
                "$bytes" => SqliteType.Blob,
                "$etag" => SqliteType.Integer,
                _ => SqliteType.Text,
            }));
        }

        command.Prepare();
        return command;
    }
}
