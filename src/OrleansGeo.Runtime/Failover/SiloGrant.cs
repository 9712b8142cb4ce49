namespace OrleansGeo.Runtime.Failover;

/// <summary>What one silo was granted, and what it has no more and was not heard to know.</summary>
internal sealed class SiloGrant
{
    private readonly List<(string Shard, long Number, TaskCompletionSource Known)> _taken = [];

    /// <summary>When the last that it was granted has ended, by the control plane's clock.</summary>
    public TimeSpan Until { get; set; }

    public IReadOnlyCollection<(string Shard, long Number, TaskCompletionSource Known)> Taken => _taken;

    /// <summary>It has a home no more. Completes when it is known to know, or to have closed it.</summary>
    public Task Take(string shard, long number)
    {
        var known = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _taken.Add((shard, number, known));
        return known.Task;
    }

    /// <summary>It closed everything that it was told of up to here.</summary>
    public void Heard(long number) => End(taken => taken.Number <= number);

    /// <summary>It closed a home by itself, or begins it anew.</summary>
    public void Forget(string shard) => End(taken => taken.Shard == shard);

    private void End(Func<(string Shard, long Number, TaskCompletionSource Known), bool> which)
    {
        foreach (var taken in _taken.Where(which).ToList())
        {
            _taken.Remove(taken);
            taken.Known.TrySetResult();
        }
    }
}
