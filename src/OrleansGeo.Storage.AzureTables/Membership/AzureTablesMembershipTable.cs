using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;

namespace OrleansGeo.Storage.AzureTables.Membership;

/// <summary>
/// A cluster's members in an Azure table: one partition, a row for each silo, and the version rows.
/// <para>Invariant: the members change only together with the version, in one transaction under the version row's ETag. Whoever writes has therefore seen the newest
/// members. The one exception, a sign of life, changes one property of the silo's own row and nothing else.</para>
/// </summary>
internal sealed class AzureTablesMembershipTable(
    IOptions<AzureTablesMembershipOptions> options, IOptions<ClusterOptions> cluster, ILogger<AzureTablesMembershipTable> logger) : IMembershipTable
{
    /// <summary>Reads that met a change in their middle, one after the other, before a reader gives up. Changes are seconds apart, reads milliseconds.</summary>
    private const int SnapshotAttempts = 5;

    private readonly SiloInstanceTable _table = new(options.Value);
    private readonly string _cluster = cluster.Value.ClusterId;

    public async Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken = default)
    {
        if (await _table.EnsureAsync(_cluster, cancellationToken))
        {
            MembershipEvents.TableCreated(logger, _table.Name);
        }

        if (!tryInitTableVersion || (await _table.QueryAsync(Rows(VersionRows.Version), cancellationToken)).Count > 0)
        {
            return;
        }

        if (await _table.TryTransactAsync([.. WriteVersion(0, static row => new(TableTransactionActionType.Add, row))], cancellationToken))
        {
            MembershipEvents.ClusterCreated(logger, _cluster, _table.Name);
        }
    }

    public async Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken = default)
    {
        var rows = await _table.QueryAsync(SiloInstanceTable.InPartition(clusterId), cancellationToken);
        rows.ForEach(static row => row.ETag = ETag.All);
        await _table.DeleteUnchangedAsync(rows, cancellationToken);
    }

    /// <remarks>The version stays: nothing that a member needs to know has changed. Only the dead are removed, and only if nobody wrote their row meanwhile.</remarks>
    public async Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken = default)
    {
        var snapshot = await ReadAsync(SiloInstanceTable.InPartition(_cluster), cancellationToken);
        var defunct = snapshot.Silos.Where(row => SiloRow.Read(row, _table.Name) is { Status: SiloStatus.Dead } entry && SiloRow.LastUpdate(entry) < beforeDate.UtcDateTime);
        if (await _table.DeleteUnchangedAsync(defunct, cancellationToken) is > 0 and var count)
        {
            MembershipEvents.DefunctRemoved(logger, count, beforeDate, _table.Name);
        }
    }

    public async Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken = default) =>
        Data(await ReadAsync(Rows(SiloRow.KeyOf(key), VersionRows.First, VersionRows.Version, VersionRows.Last), cancellationToken));

    public async Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken = default) =>
        Data(await ReadAsync(SiloInstanceTable.InPartition(_cluster), cancellationToken));

    public Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken = default) =>
        TryWriteAsync(entry, tableVersion, new(TableTransactionActionType.Add, SiloRow.Write(_cluster, entry)), cancellationToken);

    /// <remarks>
    /// The row must be there; its own ETag is not asked for. The version's says that no member has changed since the caller read, and a silo's signs of life, which
    /// change the row's, must not keep others from writing it. They may be overwritten with what the caller had read: the silo's next one is not far.
    /// </remarks>
    public Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken = default) =>
        TryWriteAsync(entry, tableVersion, new(TableTransactionActionType.UpdateReplace, SiloRow.Write(_cluster, entry), ETag.All), cancellationToken);

    public Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken = default) => _table.MergeAsync(SiloRow.WriteHeartbeat(_cluster, entry), cancellationToken);

    // Orleans 10.4.2 asks with a token, and keeps these for those who do not.
    [Obsolete("Use InitializeMembershipTableAsync.")]
    public Task InitializeMembershipTable(bool tryInitTableVersion) => InitializeMembershipTableAsync(tryInitTableVersion);

    [Obsolete("Use DeleteMembershipTableEntriesAsync.")]
    public Task DeleteMembershipTableEntries(string clusterId) => DeleteMembershipTableEntriesAsync(clusterId);

    [Obsolete("Use CleanupDefunctSiloEntriesAsync.")]
    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => CleanupDefunctSiloEntriesAsync(beforeDate);

    [Obsolete("Use ReadRowAsync.")]
    public Task<MembershipTableData> ReadRow(SiloAddress key) => ReadRowAsync(key);

    [Obsolete("Use ReadAllAsync.")]
    public Task<MembershipTableData> ReadAll() => ReadAllAsync();

    [Obsolete("Use InsertRowAsync.")]
    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => InsertRowAsync(entry, tableVersion);

    [Obsolete("Use UpdateRowAsync.")]
    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => UpdateRowAsync(entry, etag, tableVersion);

    [Obsolete("Use UpdateIAmAliveAsync.")]
    public Task UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry);

    private async Task<bool> TryWriteAsync(MembershipEntry entry, TableVersion version, TableTransactionAction silo, CancellationToken cancellationToken)
    {
        var etag = new ETag(version.VersionEtag);
        var versions = WriteVersion(version.Version, row => row.RowKey == VersionRows.Version
            ? new(TableTransactionActionType.UpdateReplace, row, etag)
            : new(TableTransactionActionType.UpsertReplace, row));
        var written = await _table.TryTransactAsync([silo, .. versions], cancellationToken);
        if (!written)
        {
            MembershipEvents.Contention(logger, entry.SiloAddress, version.Version, _table.Name);
        }

        return written;
    }

    private IEnumerable<TableTransactionAction> WriteVersion(int version, Func<TableEntity, TableTransactionAction> write) =>
        new[] { VersionRows.Version, VersionRows.First, VersionRows.Last }.Select(key => write(VersionRows.Write(_cluster, key, version)));

    private string Rows(params string[] keys) =>
        $"{SiloInstanceTable.InPartition(_cluster)} and ({string.Join(" or ", keys.Select(static key => TableClient.CreateQueryFilter($"RowKey eq {key}")))})";

    private async Task<MembershipSnapshot> ReadAsync(string filter, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= SnapshotAttempts; attempt++)
        {
            if (MembershipSnapshot.TryMake(await _table.QueryAsync(filter, cancellationToken), _cluster, _table.Name) is { } snapshot)
            {
                return snapshot;
            }
        }

        throw new MembershipTableException(
            $"Membership table {_table.Name}: rows '{VersionRows.First}', '{VersionRows.Version}' and '{VersionRows.Last}' of partition '{_cluster}' had different versions in {SnapshotAttempts} reads. "
            + $"It was written each time, and reading again will do; if it goes on, another program has changed these rows: delete '{VersionRows.First}' and '{VersionRows.Last}', they are written again.");
    }

    private MembershipTableData Data(MembershipSnapshot snapshot) =>
        new([.. snapshot.Silos.Select(row => Tuple.Create(SiloRow.Read(row, _table.Name), row.ETag.ToString()))], snapshot.Version);
}
