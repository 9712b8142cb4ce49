using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;
using OrleansGeo.Benchmarks.Grains;
using OrleansGeo.Benchmarks.Hosts;
using OrleansGeo.Benchmarks.Measuring;
using OrleansGeo.Benchmarks.Storage;
using OrleansGeo.Storage.Sqlite;

namespace OrleansGeo.Benchmarks.Rows;

/// <summary>Durable writes in one region: SQLite files on the same disk, an fsync on both sides.</summary>
internal sealed class WriteRows : IRowGroup
{
    private const int Entities = 2000;
    private const int Callers = 512;

    private const string Many = "write-many-entities";
    private const string Hot = "write-hot-entity";

    public IReadOnlyList<string> Names => [Many, Hot];

    public async Task RunAsync(BenchmarkOptions options, Action<RowResult> report)
    {
        using var folder = new ScratchFolder();
        await using var geo = await OneRegion.StartAsync(builder => builder.UseSqlite(folder.File("geo.db")));
        await using var plain = await OneRegion.StartPlainAsync(silo => silo.Services.AddKeyedSingleton<IGrainStorage>(
            SqliteGrainStorage.Name, (services, _) => new SqliteGrainStorage(folder.File("plain.db"), services.GetRequiredService<Serializer>())));
        var comparison = new Comparison(options);
        foreach (var row in CreateRows(geo, plain).Where(row => options.Includes(row.Name)))
        {
            report(await comparison.RunAsync(row));
        }
    }

    private static IEnumerable<Row> CreateRows(BenchSilo geo, BenchSilo plain)
    {
        var geoCounters = Counters(i => geo.Grains.GetGrain<IGeoCounter>(i));
        var plainCounters = Counters(i => plain.Grains.GetGrain<IPersistedCounter>(i));
        yield return new(
            Many,
            8,
            new($"{Entities} geo grains", Callers, i => Calls.AddInTurn(geoCounters, i, Callers)),
            new($"{Entities} persisted grains", Callers, i => Calls.AddInTurn(plainCounters, i, Callers)));
        yield return new(
            Hot,
            30,
            new("one geo grain", Callers, _ => Calls.Add(geoCounters[0])),
            new("one persisted grain", Callers, _ => Calls.Add(plainCounters[0])));
    }

    private static ICounter[] Counters(Func<string, ICounter> get) => [.. Enumerable.Range(0, Entities).Select(i => get($"counter-{i}"))];
}
