using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace OrleansGeo.Storage.AzureTables.Membership;

internal static partial class MembershipEvents
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Membership table {Table} was missing and is created.")]
    public static partial void TableCreated(ILogger logger, string table);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Cluster {Cluster} is new in membership table {Table}.")]
    public static partial void ClusterCreated(ILogger logger, string cluster, string table);

    [LoggerMessage(EventId = 3, Level = LogLevel.Debug, Message = "The row of silo {Silo} at version {Version} is not written to membership table {Table}: another silo was first.")]
    public static partial void Contention(ILogger logger, SiloAddress silo, int version, string table);

    [LoggerMessage(EventId = 4, Level = LogLevel.Information, Message = "{Count} rows of silos that were dead before {BeforeDate} are removed from membership table {Table}.")]
    public static partial void DefunctRemoved(ILogger logger, int count, DateTimeOffset beforeDate, string table);
}
