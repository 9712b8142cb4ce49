namespace OrleansGeo.World.Cli;

/// <summary>The values of <c>--storage</c>.</summary>
internal enum StorageKind
{
    Sqlite,
    Memory,
}
