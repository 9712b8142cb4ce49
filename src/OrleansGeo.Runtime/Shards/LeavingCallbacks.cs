using Microsoft.Extensions.Logging;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Runtime.Shards;

/// <summary>What is done before a shard leaves this region, planned, while it still takes writes: memory that is not written yet gets its chance. Thread-safe.</summary>
/// <remarks>A callback is told once of every attempt to hand the shard over: one that is withdrawn is followed by another.</remarks>
internal sealed partial class LeavingCallbacks
{
    private readonly Lock _lock = new();
    private readonly List<Registration> _registered = [];

    /// <summary>Calls back before the shard leaves, until the registration is disposed.</summary>
    /// <param name="callback">
    /// Writes what has to be written. It is begun on a thread of the pool, beside the others', and cancelled when the time is up: then the shard leaves
    /// without it.
    /// </param>
    /// <param name="entity">The entity that it is about; it may leave alone, too.</param>
    public IDisposable OnLeaving(Func<CancellationToken, Task> callback, string? entity = null)
    {
        var registration = new Registration(this, callback, entity);
        lock (_lock)
        {
            _registered.Add(registration);
        }

        return registration;
    }

    /// <summary>Runs all of them, or those of one entity, and completes when they have ended, or when the time is up. Never throws because of one of them.</summary>
    public async Task RunAsync(ShardId shard, TimeSpan bound, TimeProvider time, ILogger logger, CancellationToken cancellationToken, string? only = null)
    {
        Registration[] callbacks;
        lock (_lock)
        {
            callbacks = [.. _registered.Where(registration => only is null || registration.Entity == only)];
        }

        if (callbacks.Length == 0)
        {
            return;
        }

        using var limit = new CancellationTokenSource(bound, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var all = Task.WhenAll(callbacks.Select(registration => RunAsync(registration, shard, logger, either.Token)));
        await all.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!all.IsCompleted)
        {
            LogLate(logger, shard, callbacks.Length, bound.TotalMilliseconds);
        }
    }

    private static async Task RunAsync(Registration registration, ShardId shard, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Run(() => registration.Callback(cancellationToken), cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, exception, shard, exception.Message);
        }
        catch (Exception)
        {
            // The time is up, which is told once for all of them.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not all of {Count} callbacks ended within {BoundMs} ms before shard {Shard} left: it leaves without what they had not written")]
    private static partial void LogLate(ILogger logger, ShardId shard, int count, double boundMs);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A callback before shard {Shard} left failed, and what it had not written stays behind: {Problem}")]
    private static partial void LogFailed(ILogger logger, Exception exception, ShardId shard, string problem);

    private sealed class Registration(LeavingCallbacks owner, Func<CancellationToken, Task> callback, string? entity) : IDisposable
    {
        public string? Entity => entity;

        public Func<CancellationToken, Task> Callback { get; } = callback;

        public void Dispose()
        {
            lock (owner._lock)
            {
                owner._registered.Remove(this);
            }
        }
    }
}
