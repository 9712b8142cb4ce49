using OrleansGeo.Storage;
using OrleansGeo.Storage.Conformance;
using OrleansGeo.Tests.World.Azurite;

namespace OrleansGeo.Tests.Storage.AzureTables;

[Collection(AzureTablesCollection.Name)]
public sealed class AzureTablesRegionStoreConformanceTests(TestAzurite azurite) : RegionStoreConformance
{
    private readonly TestTable _table = new(azurite);

    protected override bool IsShared => true;

    protected override (int Shards, int Rows) Many => (6, 20);

    protected override int RacingSteps => 20;

    protected override IRegionStore Create() => _table.Create();
}
