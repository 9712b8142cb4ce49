using Orleans.Concurrency;

namespace OrleansGeo.Tests.Samples.Inventories;

[Alias("sample.inventory")]
[GrainInterfaceType("sample.inventory")]
public interface IInventory : IGrainWithStringKey
{
    [Alias("put")]
    Task Put(string product, string category);

    [Alias("remove")]
    Task<bool> Remove(string product);

    [ReadOnly]
    [Alias("look")]
    Task<InventoryView> Look();
}
