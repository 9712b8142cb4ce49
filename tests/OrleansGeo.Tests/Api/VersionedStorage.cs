using System.Collections.Concurrent;
using System.Globalization;
using Orleans.Runtime;
using Orleans.Storage;

namespace OrleansGeo.Tests.Api;

/// <summary>Grain storage in memory whose etags look like record versions.</summary>
internal sealed class VersionedStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<string, (object State, string Version)> _records = new();
    private readonly ConcurrentDictionary<string, Exception> _faults = new();
    private long _position;

    public string? VersionOf(GrainId grain) => _records.TryGetValue(grain.ToString(), out var record) ? record.Version : null;

    /// <summary>Every write to this grain fails from now on.</summary>
    public void Fail(GrainId grain, Exception exception) => _faults[grain.ToString()] = exception;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var exists = _records.TryGetValue(grainId.ToString(), out var record);
        grainState.RecordExists = exists;
        grainState.ETag = exists ? record.Version : null!;
        grainState.State = exists ? (T)record.State : Activator.CreateInstance<T>();
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ThrowIfFaulty(grainId);
        var version = string.Create(CultureInfo.InvariantCulture, $"1.{Interlocked.Increment(ref _position)}");
        _records[grainId.ToString()] = (grainState.State!, version);
        grainState.RecordExists = true;
        grainState.ETag = version;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ThrowIfFaulty(grainId);
        _records.TryRemove(grainId.ToString(), out _);
        grainState.RecordExists = false;
        grainState.ETag = null!;
        grainState.State = Activator.CreateInstance<T>();
        return Task.CompletedTask;
    }

    private void ThrowIfFaulty(GrainId grainId)
    {
        if (_faults.TryGetValue(grainId.ToString(), out var fault))
        {
            throw fault;
        }
    }
}
