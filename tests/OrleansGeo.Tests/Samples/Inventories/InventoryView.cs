namespace OrleansGeo.Tests.Samples.Inventories;

/// <summary>Products with their categories, "category/product" in ordinal order.</summary>
/// <param name="Stored">By the state.</param>
/// <param name="Indexed">By the index that the grain derives from it.</param>
[GenerateSerializer]
[Alias("sample.inventoryview")]
public sealed record InventoryView([property: Id(0)] string[] Stored, [property: Id(1)] string[] Indexed);
