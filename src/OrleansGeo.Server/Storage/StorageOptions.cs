namespace OrleansGeo.Server.Storage;

/// <summary>The region's store: either of them.</summary>
internal sealed class StorageOptions
{
    public SqliteOptions Sqlite { get; set; } = new();

    public TablesOptions AzureTables { get; set; } = new();
}
