using OrleansGeo.Storage;
using OrleansGeo.Storage.Conformance;
using OrleansGeo.Storage.Sqlite;

namespace OrleansGeo.Tests.Storage;

public sealed class SqliteRegionStoreConformanceTests : RegionStoreConformance, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override IRegionStore Create() => new SqliteRegionStore(new() { Path = _folder.File("westeurope.db") });
}
