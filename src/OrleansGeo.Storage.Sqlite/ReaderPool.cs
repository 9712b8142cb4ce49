using System.Collections.Concurrent;

namespace OrleansGeo.Storage.Sqlite;

/// <summary>Read connections, opened when first needed and kept. At most as many reads run at a time as there are connections.</summary>
internal sealed class ReaderPool(StoreFile file, int size) : IAsyncDisposable
{
    private readonly ConcurrentStack<StoreReader> _idle = new();
    private readonly SemaphoreSlim _free = new(size);
    private volatile bool _closing;

    /// <summary>Point reads: on the caller's thread, for they take less time than a change of threads.</summary>
    public async Task<T> ReadAsync<T>(Func<StoreReader, T> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Use(read);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Scans: on a thread of the pool, so that an activation's scheduler is not held.</summary>
    public async Task<T> ScanAsync<T>(Func<StoreReader, T> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Use(read), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for the reads under way; later ones are refused.</summary>
    public async ValueTask DisposeAsync()
    {
        _closing = true;
        for (var i = 0; i < size; i++)
        {
            await _free.WaitAsync().ConfigureAwait(false);
        }

        _free.Release(size);
        while (_idle.TryPop(out var reader))
        {
            reader.Dispose();
        }
    }

    private T Use<T>(Func<StoreReader, T> read)
    {
        ObjectDisposedException.ThrowIf(_closing, typeof(SqliteRegionStore));
        if (!_idle.TryPop(out var reader))
        {
            reader = new(file);
        }

        try
        {
            return read(reader);
        }
        finally
        {
            _idle.Push(reader);
        }
    }
}
