using Microsoft.Extensions.Logging;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>What one shard still has to do after an answer, one thing after the other. Whatever fails here is done again by the next call that needs it.</summary>
internal sealed class WorkChain(ILogger logger, string store)
{
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;

    /// <summary>Completes when all that was added so far has ended, well or not.</summary>
    public Task Idle
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    /// <returns>Completes when it has ended, well or not.</returns>
    public Task Add(Func<Task> work)
    {
        lock (_gate)
        {
            return _last = RunAsync(_last, work);
        }
    }

    private async Task RunAsync(Task before, Func<Task> work)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            StoreEvents.WorkFailed(logger, exception, store);
        }
    }
}
