namespace OrleansGeo.Server.Storage;

/// <summary>How the silos of the region find each other. Nothing configured: this silo is the only one.</summary>
internal sealed class MembershipOptions
{
    /// <summary>The account of the membership table.</summary>
    public TablesOptions AzureTables { get; set; } = new();

    /// <summary>The membership table.</summary>
    public string TableName { get; set; } = "OrleansSiloInstances";
}
