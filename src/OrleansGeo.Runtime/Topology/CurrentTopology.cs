using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Topology;

/// <summary>The last known topology of this process. Read from memory by every call; changed when the control plane or a reply brings news.</summary>
internal sealed class CurrentTopology(WorldTopology initial)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, HomeAssignment> _hints = [];
    private volatile WorldTopology _value = initial;
    private volatile WorldTopology _decided = initial;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>For routing: the decided topology, and homes that were heard of before it was.</summary>
    public WorldTopology Value => _value;

    /// <summary>For whoever acts: only what the register decided.</summary>
    public WorldTopology Decided => _decided;

    public event Action? Changed;

    /// <summary>Completes at the next change.</summary>
    public Task WhenChanged
    {
        get
        {
            lock (_lock)
            {
                return _changed.Task;
            }
        }
    }

    public void Decide(WorldTopology topology)
    {
        lock (_lock)
        {
            if (topology.Version <= _decided.Version)
            {
                return;
            }

            _decided = topology;
            foreach (var (index, home) in _hints.Where(hint => hint.Value.Epoch <= topology.HomeOf(hint.Key).Epoch).ToList())
            {
                _hints.Remove(index);
            }

            Merge();
        }

        Tell();
    }

    /// <summary>A region says that a shard's home is this. Epochs are allotted once: the higher one is newer, whoever says it.</summary>
    public void Hear(int index, HomeAssignment home)
    {
        if (_value.Map.IsRow(index) || home.Epoch <= _value.HomeOf(index).Epoch)
        {
            return;
        }

        lock (_lock)
        {
            if (home.Epoch <= _value.HomeOf(index).Epoch)
            {
                return;
            }

            _hints[index] = home;
            Merge();
        }

        Tell();
    }

    private void Merge()
    {
        var merged = _decided;
        foreach (var (index, home) in _hints)
        {
            merged = merged.WithHint(index, home);
        }

        _value = merged;
    }

    private void Tell()
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            (changed, _changed) = (_changed, NewSignal());
        }

        changed.TrySetResult();
        Changed?.Invoke();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
