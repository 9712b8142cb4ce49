using OrleansGeo.Storage.AzureTables.Accounts;

namespace OrleansGeo.Storage.AzureTables.Membership;

/// <summary>Where a cluster's membership table is. Silos and clients of the cluster name the same account and table; the partition is <c>ClusterOptions.ClusterId</c>.</summary>
public sealed class AzureTablesMembershipOptions : TableAccountOptions
{
    /// <summary>The table: 3 to 63 letters and digits, beginning with a letter. The first silo creates it. Default <c>OrleansSiloInstances</c>, as in Orleans' own provider.</summary>
    public string TableName { get; set; } = "OrleansSiloInstances";

    /// <summary>How long one attempt of a request to the table may take; up to three more follow it. 1 to 100 seconds. Default 10 s.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Stands in for the network: faults in tests.</summary>
    internal HttpMessageHandler? Network { get; set; }
}
