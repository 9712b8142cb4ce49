namespace OrleansGeo.Tests.Samples.Inventories;

[GenerateSerializer]
[Alias("sample.inventorystate")]
public sealed class InventoryState
{
    [Id(0)]
    public Dictionary<string, string> CategoryOf { get; set; } = [];
}
