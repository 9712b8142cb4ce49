namespace OrleansGeo.World.Hosting;

/// <summary>The values of <c>--storage</c>.</summary>
internal enum StorageKind
{
    Sqlite,
    Memory,
    AzureTables,
}
