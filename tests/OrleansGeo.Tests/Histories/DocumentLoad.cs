using System.Collections.Concurrent;

namespace OrleansGeo.Tests.Histories;

/// <summary>Clients that do random things to a few documents at the same time, and write down what they were told.</summary>
internal sealed class DocumentLoad(IReadOnlyList<IDocumentClient> clients, IReadOnlyList<string> keys, int seed)
{
    private readonly ConcurrentDictionary<GeoErrorCode, int> _refusals = new();

    public int Seed => seed;

    public History<DocumentAction, DocumentAnswer> History { get; } = new();

    /// <summary>Of each read, one of these at random. Default: strong.</summary>
    public IReadOnlyList<SessionConsistency> Reads { get; init; } = [SessionConsistency.Strong];

    /// <summary>The longest pause of a client between two operations: keeps a load from being all that the machine does.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How often calls ended with errors that mean "did not happen".</summary>
    public IReadOnlyDictionary<GeoErrorCode, int> Refusals => _refusals;

    /// <summary>Runs until it is told to stop, and lets every operation under way end. A failure of one client stops all, and is thrown.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAll(Enumerable.Range(0, clients.Count).Select(client => Task.Run(() => RunClientAsync(client, stopping), CancellationToken.None)));
    }

    private async Task RunClientAsync(int client, CancellationTokenSource stopping)
    {
        var chance = new DocumentChance(client, unchecked((seed * 397) ^ client), Reads);
        using var session = clients[client].BeginSession();
        try
        {
            while (await IsReadyAsync(client, chance.Pause(LongestPause), stopping.Token))
            {
                var (key, action) = chance.Next(keys);
                if (await CallAsync(client, key, action) is { } answer)
                {
                    chance.Learn(key, action, answer);
                }
            }
        }
        catch
        {
            await stopping.CancelAsync();
            throw;
        }
    }

    private async Task<bool> IsReadyAsync(int client, TimeSpan pause, CancellationToken stop)
    {
        try
        {
            await Task.Delay(pause, TimeProvider.System, stop);
            await clients[client].WhenReadyAsync(stop);
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<DocumentAnswer?> CallAsync(int client, string key, DocumentAction action)
    {
        var invoked = History.Clock.Now;
        try
        {
            var answer = await clients[client].CallAsync(key, action);
            History.Add(new(client, key, invoked, History.Clock.Now, action, answer));
            return answer;
        }
        catch (Exception exception) when (exception is OutcomeUnknownException or GeoException { Code: GeoErrorCode.DeadlineExceeded })
        {
            // A read that nobody was told of is no operation.
            if (action.Kind != DocumentActionKind.Get)
            {
                History.Add(new(client, key, invoked, HistoryClock.Never, action, null));
            }
        }
        catch (GeoException exception) when (exception.Code is not (GeoErrorCode.InvariantBroken or GeoErrorCode.InvalidConfiguration))
        {
            _refusals.AddOrUpdate(exception.Code, 1, static (_, count) => count + 1);
        }

        return null;
    }
}
