using OrleansGeo.Api.Documents;
using OrleansGeo.Testing;
using OrleansGeo.Tests.Histories;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Worlds;

/// <summary>A breakable world with clients in every region, who use the same few documents all the time.</summary>
internal sealed class DocumentWorld : IAsyncDisposable
{
    private const int ClientsPerRegion = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, RegionDoor> _doors = Names.ToDictionary(static name => name, static _ => new RegionDoor());
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private DocumentWorld(BreakableWorld world, int seed, bool hops)
    {
        World = world;
        Keys = Names.ToDictionary(static name => name, name => world.World.KeyIn(name, Document.Type, "histories/doc"));
        var clients = Enumerable.Range(0, Names.Length * ClientsPerRegion).Select(client => hops
            ? (IDocumentClient)new HoppingClient(world, _doors, client, DeadlineOf(client))
            : new DocumentClient(world, RegionOf(client), _doors[RegionOf(client)], DeadlineOf(client)));
        Load = new DocumentLoad([.. clients], [.. Keys.Values], seed) { Reads = [hops ? SessionConsistency.Session : SessionConsistency.Strong] };
        _running = Load.RunAsync(_stop.Token);
    }

    public BreakableWorld World { get; }

    public DocumentLoad Load { get; }

    /// <summary>One document by the region that is its home at first.</summary>
    public IReadOnlyDictionary<string, string> Keys { get; }

    /// <param name="seed">Of what clients do.</param>
    /// <param name="hops">Every client goes through another region with every call, in a session of its own; otherwise it stays in its region, and reads are strong.</param>
    public static async Task<DocumentWorld> StartAsync(int seed, bool hops = false) => new(await BreakableWorld.StartAsync(), seed, hops);

    public static string RegionOf(int client) => Names[client % Names.Length];

    /// <summary>Completes when so many more operations on every document were answered to the clients of each of these regions.</summary>
    public Task WhenAllServedAsync(int count, IReadOnlyList<string> clients) =>
        Task.WhenAll(Names.SelectMany(document => clients.Select(region => WhenServedAsync(count, document, region))));

    public async Task KillAsync(string region)
    {
        _doors[region].Close();
        World.DiskOf(region).Crash();
        await World[region].StopAsync();
    }

    public async Task StartAsync(string region)
    {
        await World[region].StartAsync();
        await World.World.WhenLinkedAsync();
        _doors[region].Open();
    }

    public async Task StopLoadAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await World.DisposeAsync();
    }

    /// <summary>Completes when so many more operations on the region's document were answered to clients of a region.</summary>
    private async Task WhenServedAsync(int count, string document, string clients)
    {
        var served = Load.History.WhenAsync(
            count, operation => !operation.IsUnknown && operation.Key == Keys[document] && RegionOf(operation.Client) == clients);
        var first = await Task.WhenAny(_running, served, Task.Delay(Patience, TimeProvider.System));
        if (first == _running)
        {
            await _running;
        }

        if (first != served)
        {
            Assert.Fail($"Clients in {clients} did not get {count} answers of {document}'s document within {Patience.TotalSeconds} s.{Describe()}");
        }
    }

    private string Describe()
    {
        var homes =
            from key in Keys.Values
            from region in Names
            where World[region].IsRunning
            select $"{region} takes {World.HomeOf(region, Document.Type, key)} for the home of {key}";
        var last = Load.History.Snapshot().GroupBy(static operation => operation.Client).Select(static client => $"last: {client.Last()}");
        return string.Concat(homes.Append($"refused: {string.Join(", ", Load.Refusals)}").Concat(last).Select(static line => $"{Environment.NewLine}  {line}"));
    }

    /// <summary>Some clients give up while a home changes, and leave writes of unknown outcome behind; some have the patience to see them answered.</summary>
    private static TimeSpan DeadlineOf(int client) => TimeSpan.FromSeconds(client % 2 == 0 ? 1 : 10);
}
