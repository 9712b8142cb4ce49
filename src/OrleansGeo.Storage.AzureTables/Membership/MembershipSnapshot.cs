using Azure.Data.Tables;
using Orleans;

namespace OrleansGeo.Storage.AzureTables.Membership;

/// <summary>Rows of silos, and the version of the table at which all of them were read.</summary>
internal sealed record MembershipSnapshot(TableVersion Version, IReadOnlyList<TableEntity> Silos)
{
    /// <summary>null when the table was written while it was read.</summary>
    /// <exception cref="MembershipTableException">There is no version row, or it is malformed.</exception>
    public static MembershipSnapshot? TryMake(IReadOnlyCollection<TableEntity> rows, string clusterId, string table)
    {
        var row = rows.FirstOrDefault(static row => row.RowKey == VersionRows.Version)
            ?? throw new MembershipTableException(
                $"Membership table {table} has no row '{VersionRows.Version}' in partition '{clusterId}': no silo of that cluster has started yet, or its rows were deleted. Start the cluster's silos again.");
        var version = VersionRows.Read(row, table);
        var first = Fence(VersionRows.First);
        var last = Fence(VersionRows.Last);

        // Silos of Orleans before 10.3 write only the version row: the fence is missing, or behind it. What they write cannot be fenced, and they are not kept waiting.
        return (first, last) == (version, version) || (first, last) == (null, null) || (first < version && last < version)
            ? new(new(version, row.ETag.ToString()), [.. rows.Where(static row => !VersionRows.IsVersion(row.RowKey))])
            : null;

        int? Fence(string key) => rows.FirstOrDefault(row => row.RowKey == key) is { } fence ? VersionRows.Read(fence, table) : null;
    }
}
