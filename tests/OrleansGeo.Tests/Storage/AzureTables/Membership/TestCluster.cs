using System.Net;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;
using OrleansGeo.Storage.AzureTables.Membership;
using OrleansGeo.Tests.World.Azurite;

namespace OrleansGeo.Tests.Storage.AzureTables.Membership;

/// <summary>A cluster's partition, new to the table, as a silo sees it and as it is.</summary>
internal sealed class TestCluster
{
    public static readonly DateTime Start = new(2026, 11, 28, 9, 50, 43, 341, DateTimeKind.Utc);

    public TestCluster(TestAzurite azurite, string? table = null)
    {
        Options = new() { ConnectionString = azurite.ConnectionString };
        Options.TableName = table ?? Options.TableName;
        Rows = new(azurite.ConnectionString, Options.TableName);
    }

    public AzureTablesMembershipOptions Options { get; }

    public string Id { get; } = $"cluster-{Guid.NewGuid():N}";

    /// <summary>The table, without the code under test.</summary>
    public TableClient Rows { get; }

    public static async Task<TestCluster> NewAsync(TestAzurite azurite)
    {
        var cluster = new TestCluster(azurite);
        await cluster.Silo().InitializeMembershipTableAsync(true);
        return cluster;
    }

    /// <summary>The table as one more silo opens it.</summary>
    public IMembershipTable Silo() => new AzureTablesMembershipTable(Wrap(Options), Wrap(new ClusterOptions { ClusterId = Id }), NullLogger<AzureTablesMembershipTable>.Instance);

    public AzureTablesGatewayListProvider Client() => new(Wrap(Options), Wrap(new ClusterOptions { ClusterId = Id }), Wrap(new GatewayOptions { GatewayListRefreshPeriod = TimeSpan.FromSeconds(7) }));

    public static SiloAddress Address(int number) => SiloAddress.New(IPAddress.Parse($"10.0.{number / 250}.{1 + (number % 250)}"), 11111, 7);

    public static MembershipEntry Entry(int number, SiloStatus status = SiloStatus.Active) => new()
    {
        SiloAddress = Address(number),
        Status = status,
        ProxyPort = 30000,
        HostName = "host",
        SiloName = $"silo-{number}",
        StartTime = Start,
        IAmAliveTime = Start,
    };

    /// <summary>Writes silos past the code under test, a hundred at a time, under the version that the table has.</summary>
    public async Task FillAsync(IEnumerable<MembershipEntry> entries)
    {
        foreach (var some in entries.Chunk(100))
        {
            await Rows.SubmitTransactionAsync(some.Select(entry => new TableTransactionAction(TableTransactionActionType.Add, SiloRow.Write(Id, entry))));
        }
    }

    public async Task<TableEntity> RowAsync(string key) => (await Rows.GetEntityAsync<TableEntity>(Id, key)).Value;

    /// <summary>What a row holds, sorted: name, type and value of each property that is not the service's own.</summary>
    public async Task<string> TextAsync(string key) => string.Join(
        '\n',
        (await RowAsync(key)).Where(static property => property.Key is not ("odata.etag" or "Timestamp"))
            .OrderBy(static property => property.Key, StringComparer.Ordinal)
            .Select(static property => $"{property.Key}: {property.Value.GetType().Name} {property.Value}"));

    private static IOptions<T> Wrap<T>(T options)
        where T : class => Microsoft.Extensions.Options.Options.Create(options);
}
