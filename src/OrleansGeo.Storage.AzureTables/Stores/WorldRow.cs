using System.Globalization;
using Azure.Data.Tables;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>The row that says whose store this is, and counts its openings.</summary>
internal sealed class WorldRow(StoreTable table)
{
    private const string Format = "1";
    private const int Attempts = 64;
    private const string Vouched = "Vouched";

    /// <summary>Checks that the store belongs to <paramref name="world"/>, makes it so if it is new, and counts this opening: durable, and never the same for two.</summary>
    public Task<(StoreLife Life, bool IsVouched)> OpenAsync(StoreWorld world, CancellationToken cancellationToken) => WriteAsync(world, isOpening: true, "open it", cancellationToken);

    /// <summary>Notes that the store is known to hold all that it held. A table outlives the processes and the machines that use it: it stays so.</summary>
    public Task VouchAsync(StoreWorld world, CancellationToken cancellationToken) => WriteAsync(world, isOpening: false, "vouch for it", cancellationToken);

    public async Task<bool> IsVouchedAsync(CancellationToken cancellationToken) =>
        (await table.FindAsync(StoreKeys.World, StoreKeys.World, cancellationToken).ConfigureAwait(false))?.GetBoolean(Vouched) == true;

    private async Task<(StoreLife Life, bool IsVouched)> WriteAsync(StoreWorld world, bool isOpening, string doing, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var found = await table.FindAsync(StoreKeys.World, StoreKeys.World, cancellationToken).ConfigureAwait(false);
            if (found is not null)
            {
                Verify(found, world);
            }

            var last = found is null ? new StoreLife(Guid.NewGuid(), Opened: 0) : LifeOf(found);
            var life = isOpening ? last with { Opened = last.Opened + 1 } : last;
            var isVouched = !isOpening || found?.GetBoolean(Vouched) == true;
            var write = Guid.NewGuid();
            var row = new TableEntity(StoreKeys.World, StoreKeys.World) { ["Store"] = life.Store, ["Opened"] = life.Opened, [Vouched] = isVouched, [StoreTable.Write] = write };
            foreach (var (name, _, value) in Describe(world))
            {
                row[name] = value;
            }

            var action = found is null
                ? new TableTransactionAction(TableTransactionActionType.Add, row)
                : new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, found.ETag);
            if ((await table.CommitAsync([action], write, doing).ConfigureAwait(false)).Applied)
            {
                return (life, isVouched);
            }
        }

        throw table.Failures.Unavailable($"cannot {doing}: others opened it {Attempts} times meanwhile");
    }

    private static IEnumerable<(string Name, string What, string Value)> Describe(StoreWorld world) =>
    [
        ("Format", "format version", Format),
        ("Service", "service id", world.ServiceId),
        ("Region", "region", world.Region.Name),
        ("HashShards", "number of hash shards", world.HashShards.ToString(CultureInfo.InvariantCulture)),
        ("AffineShards", "number of affine shards per region", world.AffineShardsPerRegion.ToString(CultureInfo.InvariantCulture)),
    ];

    private StoreLife LifeOf(TableEntity found) => found.GetGuid("Store") is { } store && found.GetInt64("Opened") is { } opened
        ? new(store, opened)
        : throw table.Failures.Corrupt("its identity or the count of its openings is missing or unreadable");

    private void Verify(TableEntity found, StoreWorld world)
    {
        foreach (var (name, what, value) in Describe(world))
        {
            var stored = found.GetString(name) ?? throw table.Failures.Corrupt($"its {what} is missing");
            if (stored != value)
            {
                throw table.Failures.Failure(
                    RegionStoreFailure.WrongWorld,
                    $"was created for the {what} '{stored}', and this process has '{value}'",
                    "Name the account and the table that belong to this region and world, or correct the setting");
            }
        }
    }
}
