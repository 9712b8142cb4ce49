using OrleansGeo.Benchmarks.Grains;
using OrleansGeo.Benchmarks.Hosts;
using OrleansGeo.Benchmarks.Measuring;

namespace OrleansGeo.Benchmarks.Rows;

/// <summary>What a call costs: of a replica, of a grain that is not geo, and of a home in another region.</summary>
internal sealed class CallRows : IRowGroup
{
    private const int Callers = 32;
    private const int CallsOfACaller = 100;

    private const string Replica = "replica-read";
    private const string ReplicaSessions = "replica-read-new-session";
    private const string Bounded = "replica-read-bounded-vs-local";
    private const string Session = "replica-read-session-vs-local";
    private const string NotGeo = "not-geo-from-client";
    private const string NotGeoFromGrain = "not-geo-from-grain";
    private const string ForwardedPlain = "forwarded-vs-client-plain-grain";
    private const string ForwardedGeo = "forwarded-vs-client-geo-grain";

    public IReadOnlyList<string> Names => [Replica, ReplicaSessions, Bounded, Session, NotGeo, NotGeoFromGrain, ForwardedPlain, ForwardedGeo];

    public async Task RunAsync(BenchmarkOptions options, Action<RowResult> report)
    {
        await using var world = await TwoRegions.StartAsync();
        var keys = world.FarKeys(Callers).ToArray();
        await WriteAndReadAsync(world, keys);
        var comparison = new Comparison(options);
        foreach (var row in CreateRows(world, keys).Where(row => options.Includes(row.Name)))
        {
            report(await comparison.RunAsync(row));
        }

        if (!keys.All(world.IsFar))
        {
            throw new InvalidOperationException("The load cost the far region its lease, and its homes came here: the rows of forwarded calls are of local ones. Measure again on a machine that is quiet.");
        }
    }

    private static IEnumerable<Row> CreateRows(TwoRegions world, string[] keys)
    {
        var plainRead = new Side("plain grain", Callers, i => Calls.Read(world.PlainSilo.Grains.GetGrain<IPlainCounter>(keys[i])));
        yield return new(Replica, 0.8, new("replica", Callers, i => ReadInSession(world.NearSilo.Grains.GetGrain<IGeoCounter>(keys[i]))), plainRead);
        yield return new(
            ReplicaSessions, 0.75, new("replica, a session a call", Callers, i => ReadInNewSession(world.NearSilo.Grains.GetGrain<IGeoCounter>(keys[i]))), plainRead);

        var local = new Side("local read", Callers, i => ReadInSession(world.NearSilo.Grains.GetGrain<IGeoCounter>(keys[i])));
        var bounded = new GeoCallOptions { Consistency = ReadConsistency.Bounded, MaxStaleness = TimeSpan.FromSeconds(5) };
        yield return new(Bounded, null, new("bounded read", Callers, i => ReadInSession(world.NearSilo.Grains.GetGrain<IGeoCounter>(keys[i]), bounded)), local);
        var session = new GeoCallOptions { Consistency = ReadConsistency.Session };
        yield return new(Session, null, new("session read", Callers, i => ReadInSession(world.NearSilo.Grains.GetGrain<IGeoCounter>(keys[i]), session)), local);

        yield return new(
            NotGeo, 0.97, new("plain grain beside OrleansGeo", Callers, i => Calls.Read(world.NearSilo.Grains.GetGrain<IPlainCounter>(keys[i]))), plainRead);
        yield return new(
            NotGeoFromGrain, 0.97, new("plain grain beside OrleansGeo", Callers, i => ReadFromGrain(world.NearSilo, keys[i])), new("plain grain", Callers, i => ReadFromGrain(world.PlainSilo, keys[i])));

        var forwarded = new Side("forwarded from another region", Callers, i => Calls.Touch(world.NearSilo.Grains.GetGrain<IGeoCounter>(keys[i])));
        yield return new(
            ForwardedPlain, 0.9, forwarded, new("client, plain grain", Callers, i => Calls.Touch(world.FarClient.Grains.GetGrain<IPlainCounter>(keys[i]))));
        yield return new(
            ForwardedGeo, 0.95, forwarded, new("client, geo grain", Callers, i => Calls.Touch(world.FarGeoClient.Grains.GetGrain<IGeoCounter>(keys[i]))));
    }

    /// <summary>Puts something into every entity, and waits until the replicas serve it.</summary>
    private static async Task WriteAndReadAsync(TwoRegions world, string[] keys)
    {
        foreach (var key in keys)
        {
            await world.NearSilo.Grains.GetGrain<IGeoCounter>(key).Add(1);
            while ((await world.NearSilo.Grains.GetGrain<IGeoCounter>(key).Read()).Value != 1)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            }
        }
    }

    private static Func<ValueTask<int>> ReadInSession(IGeoCounter counter, GeoCallOptions? options = null)
    {
        GeoSession? session = null;
        return () =>
        {
            // Begun by the caller's first call, in a method that is not asynchronous, so that it lasts.
            session ??= GeoSession.Begin(options ?? new());
            return ReadAsync(counter, session);
        };
    }

    private static async ValueTask<int> ReadInNewSession(IGeoCounter counter, GeoCallOptions options)
    {
        using var session = GeoSession.Begin(options);
        await counter.Read();
        return session.Last is { ServedByHome: false } ? 1 : 0;
    }

    private static Func<ValueTask<int>> ReadInNewSession(IGeoCounter counter)
    {
        var options = new GeoCallOptions();
        return () => ReadInNewSession(counter, options);
    }

    private static async ValueTask<int> ReadAsync(IGeoCounter counter, GeoSession session)
    {
        await counter.Read();

        // What the home had to answer, because probes wait behind this very load, does not count.
        return session.Last is { ServedByHome: false } ? 1 : 0;
    }

    private static Func<ValueTask<int>> ReadFromGrain(BenchSilo silo, string key)
    {
        var caller = silo.Grains.GetGrain<ICaller>(key);
        var counter = silo.Grains.GetGrain<IPlainCounter>(key);
        return async () => await caller.Read(counter, CallsOfACaller);
    }
}
