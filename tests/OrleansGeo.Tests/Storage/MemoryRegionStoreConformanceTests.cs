using OrleansGeo.Storage;
using OrleansGeo.Storage.Conformance;
using OrleansGeo.Storage.Memory;

namespace OrleansGeo.Tests.Storage;

public sealed class MemoryRegionStoreConformanceTests : RegionStoreConformance
{
    private readonly MemoryRegionDisk _disk = new();

    protected override IRegionStore Create() => new MemoryRegionStore(_disk);
}
