using System.Globalization;
using Azure.Data.Tables;

namespace OrleansGeo.Storage.AzureTables.Membership;

/// <summary>
/// The rows that hold the table's version. <c>VersionRow</c> is the version. <c>!Start</c> and <c>~End</c> sort before and after every silo's row and are written with it:
/// a reader that finds the same version in both has read everything between them at that version, though the service answers in pages.
/// </summary>
internal static class VersionRows
{
    public const string Version = "VersionRow";
    public const string First = "!Start";
    public const string Last = "~End";
    private const string DeploymentId = nameof(DeploymentId);
    private const string MembershipVersion = nameof(MembershipVersion);

    public static bool IsVersion(string rowKey) => rowKey is Version or First or Last;

    public static TableEntity Write(string clusterId, string rowKey, int version) => new(clusterId, rowKey)
    {
        [DeploymentId] = clusterId,
        [MembershipVersion] = version.ToString(CultureInfo.InvariantCulture),
    };

    /// <exception cref="MembershipTableException">The row has no version.</exception>
    public static int Read(TableEntity row, string table) => new RowFields(row, table).RequiredNumber(MembershipVersion);
}
